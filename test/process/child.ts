// goldtune as a process of its own, as `npm start` runs it, to be stopped and killed for real.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { within } from '../deadline.ts';
import { compileCache, quickStart } from './quick-start.ts';

const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url));

export type Child = AsyncDisposable & {
  process: ChildProcess;
  /** All it has printed so far, on both streams. */
  printed(): string;
  /** Where it says that it listens. Rejects with what it printed when it ends before that. */
  url: Promise<string>;
  /** It has ended, and all it has printed is here. To be asked of one that is about to end. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** The same of one that may live as long as it likes. */
  life: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
};

/** @param log where its standard error goes, if it is not to be read: an open file */
export const startChild = (env: Record<string, string>, log?: number): Child =>
  startProcess([MAIN], env, undefined, log);

/** Any other script of ours that says where it listens. */
export function startProcess(
  args: readonly string[],
  env: Record<string, string> = {},
  cwd?: string,
  log?: number,
): Child {
  const child = spawn(process.execPath, [...quickStart, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...compileCache, ...env },
    cwd,
    stdio: ['ignore', 'pipe', log ?? 'pipe'],
  });
  let printed = '';
  const exit = once(child, 'exit');
  const life = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  const listening = new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      printed += chunk.toString();
      const found = /listens on (\S+)/.exec(printed)?.[1];
      if (found) resolve(found);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('close', () => reject(new Error(`it ended before it listened: ${printed}`)));
  });
  listening.catch(() => {});
  const named = `the process ${args.join(' ')}`;
  return {
    process: child,
    printed: () => printed,
    get url() {
      return within(listening, () => `${named} listens; it printed: ${printed}`);
    },
    get ended() {
      return within(life, () => `${named} has ended; it printed: ${printed}`);
    },
    life,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await exit;
    },
  };
}
