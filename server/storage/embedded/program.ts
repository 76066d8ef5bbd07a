// The program of the embedded database, compiled once a process and given to each thread.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import type { ThreadData } from './messages.ts';

declare global {
  // Node has it; the types of Node name only what it returns.
  namespace WebAssembly {
    function compile(bytes: Uint8Array): Promise<Module>;
  }
}

export type Program = Omit<ThreadData, 'dataDir'>;

const { resolve } = createRequire(import.meta.url);
const file = (name: string) => readFile(resolve(`@electric-sql/pglite/${name}`));
const compiled = async (name: string) => WebAssembly.compile(await file(name));

/**
 * V8 compiles what runs often once more, and better. For PostgreSQL's interpreter of expressions alone that takes 600 MB
 * and seconds of a processor, at some moment of the first minutes; without, a statement computes up to half as long again.
 */
function compileOnce(): void {
  setFlagsFromString('--no-wasm-tier-up');
  setFlagsFromString('--no-wasm-dynamic-tiering');
}

let loading: Promise<Program> | undefined;

export function loadProgram(): Promise<Program> {
  compileOnce();
  loading ??= (async () => ({
    pgliteWasmModule: await compiled('pglite.wasm'),
    fsBundle: new Blob([await file('pglite.data')]),
  }))();
  return loading;
}
