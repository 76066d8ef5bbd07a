// goldtune as a process of its own with its built-in sandbox, on a database of its own, as it is measured.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startPostgres } from '../test/postgres/server.ts';

const MAIN = fileURLToPath(new URL('../server/main.ts', import.meta.url));

export const databases = ['embedded', 'postgres'] as const;
export type DatabaseKind = (typeof databases)[number];

export type RunningService = AsyncDisposable & { url: string };

/** @throws Error with what it printed, where it ends before it listens */
export async function startService(database: DatabaseKind): Promise<RunningService> {
  await using resources = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'goldtune-bench-'));
  resources.defer(() => rm(directory, { recursive: true, force: true }));
  const server = database === 'postgres' ? resources.use(await startPostgres()) : null;
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env['PATH'] ?? '',
      PORT: '0',
      DATA_DIR: directory,
      LOG_LEVEL: 'error',
      // Slow: no run ends before it is cancelled.
      SANDBOX_TIME_SCALE: '1',
      ...(server ? { DATABASE_URL: server.url() } : {}),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  resources.defer(async () => {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null;
    child.kill('SIGKILL');
    await ended;
  });
  const url = await listening(child);
  const started = resources.move();
  return { url, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

function listening(child: ChildProcess): Promise<string> {
  let printed = '';
  return new Promise((resolve, reject) => {
    const read = (chunk: Buffer) => {
      printed += chunk.toString();
      const url = /listens on (\S+)/.exec(printed)?.[1];
      if (url) resolve(url);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', () => reject(new Error(`goldtune ended before it listened: ${printed}`)));
  });
}
