// `goldtune finetunings cancel` and `delete`: asked for, then waited for until it is proven or the time is over.
import { type Command, Option } from 'commander';
import { GoldtuneTimeout, isGoldtuneError } from '../../errors.ts';
import type { Cancellation, Finetuning } from '../../generated/router.ts';
import { gravest, type Outcome } from '../exit-codes.ts';
import { outcomeOf } from '../failure.ts';
import { explainIn } from '../help.ts';
import { untilInterrupted } from '../interrupt.ts';
import { seconds } from '../option-values.ts';
import { complain, endAs, openSession, type Session } from '../session.ts';
import { deleteAndWait } from './delete-and-wait.ts';
import { receiptText, type Waiting } from './run-text.ts';

/** False: not at all. */
type Wait = number | false;
type CancelAnswer = {
  id: string;
  outcome: Outcome;
  /** The receipt, also where it says that it was too late or is not proven yet. */
  cancellation: Cancellation | null;
  /** What the proof waits for, where there is none yet. */
  waiting: Waiting;
  error: string | null;
};

const waited = (command: Command): Command =>
  command
    .addOption(new Option('--wait <seconds>', 'how long to wait for proof').argParser(seconds).default(30))
    .option('--no-wait', 'only ask for it');

const milliseconds = (wait: Wait) => (wait === false ? 0 : wait * 1000);

export function addStopping(finetunings: Command): void {
  const cancel = finetunings
    .command('cancel')
    .description('stop runs, and show the receipts that prove it; asking again does no harm')
    .argument('<id...>', 'of the finetunings')
    .option('--reason <text>', 'kept on the receipt');
  waited(cancel).action(async (ids: string[], options: { reason?: string; wait: Wait }, command: Command) => {
    const session = openSession(command);
    if (options.wait) session.hint(`Waiting up to ${options.wait} s for proof that nothing runs …`);
    const answers = await untilInterrupted('stopped waiting; a cancel that goldtune has received goes on', (signal) =>
      Promise.all(ids.map((id) => cancelOne(session, id, options, signal))),
    );
    const documents = answers.map(({ outcome: _, ...answer }) => answer);
    if (session.json || answers.some(({ cancellation }) => cancellation)) {
      session.show(documents, () => answers.flatMap(answerText).join('\n\n'));
    }
    for (const { id, error } of answers) if (error) complain(ids.length > 1 ? `${id}: ${error}` : error);
    endAs(gravest(answers.map(({ outcome }) => outcome)));
  });
  explainIn(
    cancel,
    [
      'goldtune finetunings cancel 656777c9eb4e22533dc43fd0 --reason "wrong schema"',
      'goldtune finetunings list --status running --json | jq -r ".[].id" | xargs -r goldtune finetunings cancel --wait 120',
    ],
    ['done', 'pending', 'too_late', 'not_found', 'unreachable', 'interrupted'],
  );

  const remove = finetunings
    .command('delete')
    .description('stop a run, remove its training file from the provider, then forget it')
    .argument('<id>', 'of the finetuning');
  waited(remove).action(async (id: string, { wait }: { wait: Wait }, command: Command) => {
    const session = openSession(command);
    const forgotten = await untilInterrupted('stopped waiting; a delete that goldtune has received goes on', (signal) =>
      deleteAndWait(session.goldtune, id, { timeout: milliseconds(wait), signal }),
    );
    session.show({ id, forgotten }, () => (forgotten ? `${id} is forgotten` : `${id} is being deleted`));
    if (!forgotten) complain(`the provider is not clean yet; the delete of ${id} is stored and goes on`);
    endAs(forgotten ? 'done' : 'pending');
  });
  explainIn(
    remove,
    ['goldtune finetunings delete 656777c9eb4e22533dc43fd0 --wait 120'],
    ['done', 'pending', 'not_found', 'interrupted'],
  );
}

async function cancelOne(
  { goldtune, explain }: Session,
  id: string,
  { reason, wait }: { reason?: string; wait: Wait },
  signal: AbortSignal,
): Promise<CancelAnswer> {
  try {
    const cancellation = await goldtune.cancelAndWait(id, {
      timeout: milliseconds(wait),
      signal,
      ...(reason ? { reason } : {}),
    });
    return { id, outcome: 'done', cancellation, waiting: null, error: null };
  } catch (error) {
    if (signal.aborted) throw error;
    const { cancellation = null, waiting = null } = runWithin(error) ?? {};
    return { id, outcome: outcomeOf(error), cancellation, waiting, error: explain(error) };
  }
}

function runWithin(error: unknown): Finetuning | null {
  if (error instanceof GoldtuneTimeout) return error.finetuning;
  return isGoldtuneError(error) ? (error.data.finetuning ?? null) : null;
}

const answerText = ({ id, cancellation, waiting }: CancelAnswer): string[] =>
  cancellation ? [`${id}\n${receiptText(cancellation, waiting)}`] : [];
