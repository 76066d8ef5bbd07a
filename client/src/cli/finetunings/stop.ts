// `goldtune finetunings cancel` and `delete`: asked for, then waited for until it is proven or the time is over.
import { type Command, Option } from 'commander';
import { GoldtuneTimeout, isGoldtuneError } from '../../errors.ts';
import type { Cancellation, Finetuning } from '../../generated/router.ts';
import { gravest, type Outcome } from '../exit-codes.ts';
import { InputError, outcomeOf } from '../failure.ts';
import { explainIn } from '../help.ts';
import { untilInterrupted } from '../interrupt.ts';
import { seconds } from '../option-values.ts';
import { complain, endAs, openSession, type Session } from '../session.ts';
import { oneLine } from '../text.ts';
import { type ChosenOptions, cancelChosen, choosing, isOfMany } from './cancel-chosen.ts';
import { deleteAndWait } from './delete-and-wait.ts';
import { receiptText, type Waiting } from './run-text.ts';

/** False: not at all. */
type Wait = number | false;
type CancelOptions = ChosenOptions & { reason?: string; wait: Wait };
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
    .option('--no-wait', 'only ask for it: it is stored, and goes on');

export function addStopping(finetunings: Command): void {
  const cancel = finetunings
    .command('cancel')
    .description('stop runs, and show the receipts that prove it; asking again does no harm')
    .argument('[id...]', 'of the finetunings')
    .option('--reason <text>', 'kept on the receipt; the first that is given stays');
  waited(choosing(cancel)).action(async (ids: string[], options: CancelOptions, command: Command) => {
    const session = openSession(command);
    if (ids.length === 0 && !isOfMany(options))
      throw new InputError('say which: ids of finetunings, --where, or --all');
    if (isOfMany(options) || options.dryRun) return cancelChosen(session, ids, options);
    if (options.idempotencyKey !== undefined) throw new InputError('--idempotency-key is of --where and --all');
    const { reason } = options;
    if (options.wait) session.hint(`Waiting up to ${options.wait} s for proof that nothing runs …`);
    const answers = await untilInterrupted('stopped waiting; a cancel that goldtune has received goes on', (signal) =>
      Promise.all(ids.map((id) => cancelOne(session, id, options, signal))),
    );
    const documents = answers.map(({ outcome: _, ...answer }) => answer);
    if (session.json || answers.some(({ cancellation }) => cancellation)) {
      session.show(documents, () => answers.flatMap(answerText).join('\n\n'));
    }
    for (const { id, cancellation } of answers) if (reason && cancellation) tellKept(session, id, reason, cancellation);
    for (const { id, error } of answers) if (error) complain(ids.length > 1 ? `${id}: ${error}` : error);
    endAs(gravest(answers.map(({ outcome }) => outcome)));
  });
  explainIn(
    cancel,
    [
      'goldtune finetunings cancel 656777c9eb4e22533dc43fd0 --reason "wrong schema"',
      'goldtune finetunings cancel --where connection=656777c9eb4e22533dc43fce --dry-run',
      'goldtune finetunings cancel --where status=running model=gpt-4.1-mini --reason "wrong schema" --yes',
      'goldtune finetunings cancel 656777c9eb4e22533dc43fd0 --no-wait',
    ],
    ['done', 'invalid', 'pending', 'too_late', 'not_found', 'denied', 'unreachable', 'interrupted'],
  );

  const remove = finetunings
    .command('delete')
    .description('stop a run, remove its training file from the provider, then forget it')
    .argument('<id>', 'of the finetuning');
  waited(remove).action(async (id: string, { wait }: { wait: Wait }, command: Command) => {
    const session = openSession(command);
    const forgotten = await untilInterrupted(
      'stopped waiting; a delete that goldtune has received goes on',
      (signal) =>
        wait === false ? deleteOnce(session, id, signal) : deleteAndWait(session, id, { timeout: wait * 1000, signal }),
    );
    session.show({ id, forgotten }, () => (forgotten ? `${id} is forgotten` : `${id} is being deleted`));
    if (!forgotten && wait !== false) {
      complain(`the provider is not clean yet; the delete of ${id} is stored and goes on`);
    }
    endAs(forgotten || wait === false ? 'done' : 'pending');
  });
  explainIn(
    remove,
    [
      'goldtune finetunings delete 656777c9eb4e22533dc43fd0 --wait 120',
      'goldtune finetunings delete 656777c9eb4e22533dc43fd0 --no-wait',
    ],
    ['done', 'invalid', 'pending', 'not_found', 'denied', 'unreachable', 'interrupted'],
  );
}

/** Asked for only, it has the time of any request. */
async function deleteOnce({ goldtune }: Session, id: string, signal: AbortSignal): Promise<boolean> {
  const { forgotten } = await goldtune.finetunings.delete.mutate({ id, wait_ms: 0 }, { signal });
  return forgotten;
}

async function cancelOne(
  { goldtune, explain }: Session,
  id: string,
  { reason, wait }: { reason?: string; wait: Wait },
  signal: AbortSignal,
): Promise<CancelAnswer> {
  const why = reason ? { reason } : {};
  try {
    if (wait === false) {
      const { cancellation, waiting } = await goldtune.finetunings.cancel.mutate(
        { id, wait_ms: 0, ...why },
        { signal },
      );
      return { id, outcome: 'done', cancellation, waiting, error: null };
    }
    const cancellation = await goldtune.cancelAndWait(id, { timeout: wait * 1000, signal, ...why });
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

/** A later reason changes nothing, which whoever gives it should know. */
function tellKept({ json }: Session, id: string, given: string, { reason }: Cancellation): void {
  if (json || given === reason) return;
  const kept =
    reason === null ? 'it was stopped without a reason, which stays so' : `the reason given first is kept: ${reason}`;
  complain(oneLine(`${id}: ${kept}`));
}

const answerText = ({ id, cancellation, waiting }: CancelAnswer): string[] =>
  cancellation ? [`${id}\n${receiptText(cancellation, waiting)}`] : [];
