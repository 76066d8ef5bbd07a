// The terminal as a process of its own, as a shell starts it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { exitCodes } from '../../../client/src/cli/exit-codes.ts';
import { within } from '../../deadline.ts';
import { compileCache } from '../../process/quick-start.ts';
import { until } from '../../until.ts';

export const MAIN = fileURLToPath(new URL('../../../client/src/cli/main.ts', import.meta.url));

export type Ended = { code: number | null; stdout: string; stderr: string };

/** Where it finds goldtune, and what else is in its environment. */
export type Surroundings = { url?: string | null; env?: Record<string, string>; input?: string };

/** Runs a command line to its end. Whatever it was, there must be no stack. */
export async function run(args: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  return start(args, surroundings).ended;
}

/** Runs it until goldtune has answered within the time given, which a machine that is busy may need tries for. */
export const runAnswered = (args: readonly string[], surroundings: Surroundings): Promise<Ended> =>
  until(
    async () => {
      const ended = await run(args, surroundings);
      return ended.code === exitCodes.unreachable.code ? null : ended;
    },
    () => `goldtune answers ${args.join(' ')} in time`,
  );

export function start(args: readonly string[], { url, env, input }: Surroundings = {}) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...compileCache, ...(url ? { GOLDTUNE_URL: url } : {}), ...env },
  });
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      printed[name] += chunk;
    });
  }
  child.stdin.end(input);
  const ended = once(child, 'close').then(([code]): Ended => {
    expect(printed.stdout + printed.stderr).not.toMatch(/^\s+at .*:\d+|node:internal|Warning:/m);
    return { code, ...printed };
  });
  return {
    child,
    /** Of one that is about to end. */
    get ended() {
      return within(ended, () => `${args.join(' ')} has ended; it printed: ${JSON.stringify(printed)}`);
    },
    /** Waits until it has printed this on stdout. */
    prints: (text: string) => until(() => printed.stdout.includes(text), `it prints ${text}`),
  };
}

/** The one document that it printed for programs. */
export async function json(args: readonly string[], url: string | null, code = 0): Promise<unknown> {
  const ended = await run([...args, '--json'], { url });
  expect({ args, ...ended }).toMatchObject({ code });
  return JSON.parse(ended.stdout);
}
