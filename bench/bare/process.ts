// A bare handler as a process of its own: tells its port, and lives until it is told to end.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const told = z.tuple([z.object({ port: z.number() })], z.unknown());

/** @param name of its file in this folder */
export async function startBare(name: string, ...given: string[]): Promise<AsyncDisposable & { url: string }> {
  const child = fork(fileURLToPath(new URL(`${name}.ts`, import.meta.url)), given);
  const ended = once(child, 'exit');
  const failed = ended.then(([code]) => {
    throw new Error(`the bare handler ended with ${code}`);
  });
  const [{ port }] = told.parse(await Promise.race([once(child, 'message'), failed]));
  failed.catch(() => {});
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
