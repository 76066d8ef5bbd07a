// What npm says as JSON about the project. It ends with 1 where it has found something, which is no failure of the asking.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);
const ROOM = { maxBuffer: 64 * 1024 * 1024 };
const saidSomething = z.object({ code: z.number(), stdout: z.string().min(1) });

export async function npmJson(args: readonly string[], env = process.env): Promise<unknown> {
  const { stdout } = await run('npm', args, { ...ROOM, env }).catch((error: unknown) => {
    const said = saidSomething.safeParse(error);
    if (said.success) return said.data;
    throw error;
  });
  return JSON.parse(stdout);
}
