// `goldtune finetunings logs`: the end of what a run's trainer has printed.
import type { Command } from 'commander';
import { explainIn, usual } from '../help.ts';
import { wholeNumber } from '../option-values.ts';
import { openSession } from '../session.ts';
import { lastLines, manyLines } from '../text.ts';

/** The most that goldtune gives; whoever wants a number of lines wants them all. */
const LARGEST_BYTES = 1024 * 1024;

export function addLogs(finetunings: Command): void {
  const logs = finetunings
    .command('logs')
    .description('print the end of what the trainer of a run has printed, where its provider shows that')
    .argument('<id>', 'of the finetuning')
    .option('--tail <lines>', 'how many lines at most (default: those of the last 64 kB)', wholeNumber)
    .action(async (id: string, { tail }: { tail?: number }, command: Command) => {
      const session = openSession(command);
      const size = tail === undefined ? {} : { tail_bytes: LARGEST_BYTES };
      const found = await session.goldtune.finetunings.logs.query({ id, ...size });
      const shown = tail === undefined ? found : { ...found, ...lastLines(found, tail) };
      session.show(shown, () => manyLines(shown.text));
      if (shown.cut_off) session.hint('There is more before it: --tail <lines>');
    });
  explainIn(logs, ['goldtune finetunings logs 656777c9eb4e22533dc43fd0 --tail 20'], usual);
}
