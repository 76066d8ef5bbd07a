// The program of the embedded database, compiled once a process and given to each thread.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
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

let loading: Promise<Program> | undefined;

export function loadProgram(): Promise<Program> {
  loading ??= (async () => ({
    pgliteWasmModule: await compiled('pglite.wasm'),
    initdbWasmModule: await compiled('initdb.wasm'),
    fsBundle: new Blob([await file('pglite.data')]),
  }))();
  return loading;
}
