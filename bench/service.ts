// goldtune as a process of its own, as it is measured: on a database of its own, or on one that is given.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPostgres } from '../test/postgres/server.ts';

const MAIN = fileURLToPath(new URL('../server/main.ts', import.meta.url));
/** As `npm start` has it. */
const NODE_OPTIONS = ['--max-semi-space-size=8'];
const asStarted = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../node_modules/.cache/goldtune', import.meta.url)),
  MALLOC_ARENA_MAX: '2',
};

export const databases = ['embedded', 'postgres'] as const;
export type DatabaseKind = (typeof databases)[number];

export type RunningService = AsyncDisposable & {
  url: string;
  pid: number;
  /** As an operator stops it; disposing of it kills it. */
  stop(): Promise<void>;
};

/** With its built-in sandbox. @throws Error with what it printed, where it ends before it listens */
export async function startService(database: DatabaseKind): Promise<RunningService> {
  await using resources = new AsyncDisposableStack();
  const server = database === 'postgres' ? resources.use(await startPostgres()) : null;
  const running = resources.use(await serviceOn(server ? { DATABASE_URL: server.url() } : {}));
  const started = resources.move();
  return { ...running, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

/** With further settings, as environment variables. @throws Error with what it printed, where it ends before it listens */
export async function serviceOn(settings: Record<string, string>): Promise<RunningService> {
  await using resources = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'goldtune-bench-'));
  resources.defer(() => rm(directory, { recursive: true, force: true }));
  const child = spawn(process.execPath, [...NODE_OPTIONS, ...profiling(), MAIN], {
    env: {
      PATH: process.env['PATH'] ?? '',
      ...asStarted,
      PORT: '0',
      DATA_DIR: directory,
      LOG_LEVEL: 'error',
      // Slow: no run ends before it is cancelled.
      SANDBOX_TIME_SCALE: '1',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null;
    child.kill(signal);
    await ended;
  };
  resources.defer(() => end(process.env['BENCH_PROFILE'] ? 'SIGTERM' : 'SIGKILL'));
  const url = await listening(child);
  const { pid } = child;
  if (pid === undefined) throw new Error('goldtune has no process');
  const started = resources.move();
  return { url, pid, stop: () => end('SIGTERM'), [Symbol.asyncDispose]: () => started.disposeAsync() };
}

/** With BENCH_PROFILE=DIR, where its processor went is written there when it ends. */
function profiling(): string[] {
  const directory = process.env['BENCH_PROFILE'];
  return directory ? ['--cpu-prof', `--cpu-prof-dir=${directory}`] : [];
}

function listening(child: ChildProcess): Promise<string> {
  let printed = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      printed = `${printed}${chunk.toString()}`.slice(-10_000);
      const url = /listens on (\S+)/.exec(printed)?.[1];
      if (url) resolve(url);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', () => reject(new Error(`goldtune ended before it listened: ${printed}`)));
  });
}
