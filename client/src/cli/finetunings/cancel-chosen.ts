// `goldtune finetunings cancel --where …` and `--all`: shown first, asked, then stopped by one wish and waited for.
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, InvalidArgumentError } from 'commander';
import type { BulkCancel, RouterInputs } from '../../generated/router.ts';
import { bulkText, previewText } from '../bulk-cancels/bulk-text.ts';
import { InputError } from '../failure.ts';
import { untilInterrupted } from '../interrupt.ts';
import { pair } from '../option-values.ts';
import { drawBar } from '../progress-bar.ts';
import { complain, endAs, type Session } from '../session.ts';
import { nearest } from '../suggestions.ts';

type Request = RouterInputs['finetunings']['bulkCancel'];
export type ChosenOptions = {
  where?: Record<string, string>;
  all?: boolean;
  dryRun?: boolean;
  yes?: boolean;
  idempotencyKey?: string;
};

export const choosing = (command: Command): Command =>
  command
    .option(
      '--where <condition...>',
      'instead of ids: all that match status=, connection=, model= and provider=',
      condition,
    )
    .option('--all', 'instead of ids: all runs of the organization')
    .option('--dry-run', 'only show what would be stopped')
    .option('--yes', 'of --where and --all: stop them without asking')
    .option('--idempotency-key <key>', 'of --where and --all: however often it is sent with this key, it is done once');

export const isOfMany = ({ where, all }: ChosenOptions): boolean => where !== undefined || all === true;

/** One that is not heeded would stop what nobody meant. */
function condition(given: string, before: Record<string, string> = {}): Record<string, string> {
  const [name = ''] = given.split('=');
  if (Object.hasOwn(before, name)) throw new InvalidArgumentError(`${name} is given twice; what is meant has one.`);
  return pair(given, before);
}

const LOOK_EVERY_MS = 1000;

export async function cancelChosen(
  session: Session,
  ids: readonly string[],
  options: ChosenOptions & { reason?: string; wait: number | false },
): Promise<void> {
  const { bulkCancel } = session.goldtune.finetunings;
  const which = whichOf(ids, options);
  const meant = options.yes && !options.dryRun ? which : await agreedTo(session, which, options.dryRun === true);
  if (meant === null) return;
  const made = await bulkCancel.mutate({
    ...meant,
    reason: options.reason ?? null,
    ...(options.idempotencyKey === undefined ? {} : { idempotency_key: options.idempotencyKey }),
  });
  if (made.dry_run) throw new Error('the server has taken it for a preview');
  const { dry_run: _, replayed: _replayed, ...begun } = made;
  const { wait } = options;
  if (wait !== false) session.aside(`${begun.id} is kept, and goes on whatever happens here: ${begun.runs} runs`);
  const seen = wait === false ? begun : await waitedFor(session, begun, wait * 1000);
  session.show(seen, () => bulkText(seen));
  if (wait === false || seen.state === 'done') return endAs('done');
  complain(`not all is proven yet; it goes on: goldtune bulk-cancels get ${seen.id}`);
  endAs('pending');
}

/** What somebody has seen and agreed to; null: nothing is to be stopped. */
async function agreedTo(session: Session, which: Request, isAll: boolean): Promise<Request | null> {
  const preview = await session.goldtune.finetunings.bulkCancel.mutate({ ...which, dry_run: true });
  if (!preview.dry_run) throw new Error('the server has not heeded dry_run');
  const { count, is_more, runs } = preview.to_cancel;
  if (isAll || count === 0) {
    session.show(preview, () => previewText(preview, session.width));
    return null;
  }
  if (!(await isAgreed(session, previewText(preview, session.width), count))) {
    session.aside('nothing was stopped');
    return null;
  }
  // No others than those that were shown; of more, none that was started since.
  return runs.length === count && !is_more ? { ids: runs.map(({ id }) => id) } : { ...which, as_of: preview.as_of };
}

const conditions = { status: 'status', connection: 'db_connection_id', model: 'model', provider: 'provider' } as const;

function whichOf(ids: readonly string[], { where, all }: ChosenOptions): Request {
  if (where && all) throw new InputError('give --where or --all, and not both');
  if (ids.length > 0 && (where || all))
    throw new InputError('give ids of finetunings, or --where, or --all, and not two of them');
  if (ids.length > 0) return { ids: [...ids] };
  if (!where) return { all: true };
  const named = Object.entries(where).map(([name, value]) => {
    const known = Object.entries(conditions).find(([word]) => word === name)?.[1];
    if (known) return [known, value];
    const meant = nearest(name, Object.keys(conditions));
    throw new InputError(
      `--where knows ${Object.keys(conditions).join(', ')}, and not ${name}${meant ? `; did you mean ${meant}?` : ''}`,
    );
  });
  return { where: Object.fromEntries(named) };
}

async function isAgreed({ watched }: Session, shown: string, count: number): Promise<boolean> {
  if (!watched || process.stdin.isTTY !== true) {
    throw new InputError('nobody can be asked here: look with --dry-run, then stop them with --yes');
  }
  process.stderr.write(`${shown}\n`);
  const reading = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await reading.question(`Stop ${count === 1 ? 'it' : `these ${count}`}? [y/N] `)).trim());
  } finally {
    reading.close();
  }
}

function waitedFor({ goldtune, watched }: Session, begun: BulkCancel, wait_ms: number): Promise<BulkCancel> {
  return untilInterrupted('stopped waiting; the bulk cancel goes on', async (signal) => {
    const by = performance.now() + wait_ms;
    const bar = watched ? drawBar(begun.runs) : null;
    let seen = begun;
    try {
      for (;;) {
        const { storing, stopping } = seen.counts;
        bar?.update(seen.runs - storing - stopping, { label: seen.state.padEnd(8), detail: `of ${seen.runs} runs` });
        if (seen.state === 'done' || performance.now() >= by) return seen;
        await sleep(Math.min(LOOK_EVERY_MS, Math.max(0, by - performance.now())), undefined, { signal });
        seen = await goldtune.bulkCancels.get.query({ id: begun.id }, { signal });
      }
    } finally {
      bar?.stop();
    }
  });
}
