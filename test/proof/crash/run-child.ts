// Starts the acting child process on a cell, and tells what became of it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { intents } from '../../../server/finetuning/lifecycle/state.ts';
import { compileCache } from '../../process/child.ts';
import type { Cell, Ground } from '../cell.ts';
import { clockStarted } from '../installation.ts';
import type { Assignment } from './child.ts';
import type { Task } from './scenarios.ts';

const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));

export const taskOf = async (cell: Cell, { connectionId }: Ground): Promise<Task> => ({
  id: cell.hasFinetuning() ? (await cell.row()).id : null,
  connectionId,
  key: cell.key,
});

/** `ended` rejects where it failed by itself. What it was told is acknowledged counts as told to a caller. */
export async function runChild(
  ground: Ground,
  cell: Cell,
  act: Pick<Assignment, 'scenario' | 'end'>,
): Promise<{ child: ChildProcess; ended: Promise<'killed' | 'untouched'> }> {
  const task = await taskOf(cell, ground);
  const assignment: Assignment = { ...act, database: ground.url, provider: cell.sandbox.url, task };
  const child = spawn(process.execPath, [CHILD, JSON.stringify(assignment)], {
    env: { ...process.env, ...compileCache, CLOCK_STARTED: String(clockStarted) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const watch = async () => {
    const [said, complaints, [code, signal]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit'),
    ]);
    for (const intent of intents) if (said.includes(intent)) cell.acknowledge(intent);
    if (signal === 'SIGKILL') return 'killed';
    if (code !== 0) throw new Error(`the child failed: ${complaints}`);
    return 'untouched';
  };
  return { child, ended: watch() };
}
