// Starts the acting child process on a cell, and tells what became of it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { intents, statuses } from '../../../server/finetuning/lifecycle/state.ts';
import { compileCache } from '../../process/quick-start.ts';
import type { Cell } from '../cell.ts';
import type { Ground } from '../ground.ts';
import { bundle } from './bundle.ts';
import type { Assignment } from './child.ts';
import type { Task } from './scenarios.ts';

const answer = z.object({
  intent: z.enum(intents),
  told: z.object({ status: z.enum(statuses).optional(), forgotten: z.boolean().optional() }).optional(),
});

export const taskOf = async ({ hasFinetuning, row, home, key }: Cell): Promise<Task> => ({
  id: hasFinetuning() ? (await row()).id : null,
  home,
  key,
});

export type Acting = {
  child: ChildProcess;
  /** Rejects where it failed by itself. What it was told is acknowledged counts as told to a caller. */
  ended: Promise<'killed' | 'untouched'>;
};
export type Children = AsyncDisposable & {
  run(cell: Cell, act: Pick<Assignment, 'scenario' | 'end'>): Promise<Acting>;
};

export async function prepareChildren(ground: Ground): Promise<Children> {
  const script = await bundle(new URL('child.ts', import.meta.url));
  return {
    run: (cell, act) => runChild(script.path, ground.url, cell, act),
    [Symbol.asyncDispose]: () => script[Symbol.asyncDispose](),
  };
}

async function runChild(
  script: string,
  database: string,
  cell: Cell,
  act: Pick<Assignment, 'scenario' | 'end'>,
): Promise<Acting> {
  const assignment: Assignment = {
    ...act,
    database,
    provider: cell.sandbox.url,
    forgetful: cell.forgetful !== null,
    time: cell.time.name,
    task: await taskOf(cell),
  };
  const child = spawn(process.execPath, [script, JSON.stringify(assignment)], {
    env: { ...process.env, ...compileCache },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const watch = async () => {
    const [said, complaints, [code, signal]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit'),
    ]);
    // Whoever was told of a new run knows its id; here it is had by asking again.
    if (said !== '' && !cell.hasFinetuning()) await cell.create();
    for (const line of said.split('\n').filter(Boolean)) {
      const { intent, told } = answer.parse(JSON.parse(line));
      cell.acknowledge(intent, told);
    }
    if (signal === 'SIGKILL') return 'killed';
    if (code !== 0) throw new Error(`the child failed: ${complaints}`);
    return 'untouched';
  };
  return { child, ended: watch() };
}
