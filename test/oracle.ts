// The one oracle: what must hold of every finetuning, held against the rows and the provider's own ledger.
// It knows neither database nor search: each suite hands it a picture of its world.
import { isDeepStrictEqual } from 'node:util';
import { receiptOf } from '../server/finetuning/lifecycle/receipt.ts';
import { type Changes, replay } from '../server/finetuning/lifecycle/replay.ts';
import { type Call, type Intent, isTerminal, type State, wantsStop } from '../server/finetuning/lifecycle/state.ts';

export type PicturedRow = {
  id: string;
  state: State;
  version: number;
  due_at: string | null;
  calls: readonly Call[];
  /** Oldest first; left out where a suite checks single steps instead. */
  history?: readonly { version: number; type: string; changes: Changes }[];
  /** The highest intent that a caller was told is stored. */
  acknowledged?: Intent;
};

export type PicturedJob = {
  id: string;
  /** The finetuning in its tag. */
  owner: string;
  file_id: string;
  phase: 'active' | 'succeeded' | 'failed' | 'cancelled';
};

export type Picture = {
  rows: readonly PicturedRow[];
  /** Jobs of ours, as the provider itself holds them; those that a test made behind our back are left out. */
  jobs: readonly PicturedJob[];
  /** Files of ours that the provider still holds. */
  files: readonly { id: string; owner: string }[];
  /** Jobs that do not carry our tag, all of them started active. */
  foreign?: readonly { id: string; phase: PicturedJob['phase'] }[];
};

const rank: Record<Intent, number> = { run: 0, cancel: 1, delete: 2 };

/** What is wrong in this picture, at whatever moment it was taken; each line begins with the invariant's number. */
export function safetyViolations({ rows, jobs, foreign = [] }: Picture): string[] {
  const found: string[] = [];
  for (const row of rows) {
    const own = jobs.filter((job) => job.owner === row.id);
    const say = (text: string) => found.push(`${text} [${row.id}]`);
    const { state } = row;

    // I1: a job that failed never gave a model; of all others there is one at most, whenever it ran.
    if (own.filter((job) => job.phase !== 'failed').length > 1) say('I1: more than one provider job trains');
    for (const job of own) {
      if (!row.calls.some((call) => call.kind === 'create' && call.file_id === job.file_id)) {
        say(`I2: job ${job.id} has no committed call row`);
      }
    }
    if (state.status === 'cancelled') {
      if (own.some((job) => job.phase === 'active')) say('I3: cancelled, and a job goes on');
      if (own.some((job) => job.phase === 'succeeded')) say('I3: cancelled, and a job succeeded');
      if (state.evidence === null || state.cancel_confirmed_at === null) say('I3: cancelled without evidence');
    }
    if (state.status === 'succeeded' || state.status === 'failed') {
      const adopted = own.find((job) => job.id === state.job_id);
      if (adopted && adopted.phase !== state.status) say(`I4: ${state.status}, and its job is ${adopted.phase}`);
      if (state.status === 'succeeded' && !adopted) say('I4: succeeded without a job');
      if (own.some((job) => job.phase === 'active')) say(`I4: ${state.status}, and a job goes on`);
    }
    if (rank[state.intent] < rank[row.acknowledged ?? 'run']) say(`I6: an acknowledged ${row.acknowledged} is lost`);

    const receipt = receiptOf(state);
    if ((receipt?.state === 'confirmed') !== (state.status === 'cancelled')) say('I10: the receipt claims another end');
    if (row.history) found.push(...historyViolations({ ...row, history: row.history }));
  }
  for (const job of foreign) if (job.phase !== 'active') found.push(`I11: the foreign job ${job.id} is ${job.phase}`);
  return found;
}

function historyViolations(row: PicturedRow & { history: NonNullable<PicturedRow['history']> }): string[] {
  const found: string[] = [];
  const say = (text: string) => found.push(`${text} [${row.id}]`);
  const { history } = row;
  if (history.some((event, index) => event.version !== index + 1) || history.length !== row.version) {
    say('I5: the version does not rise by one with each event');
  }
  let ended: string | null = null;
  let intent: Intent = 'run';
  let asked = 0;
  for (const { type, changes } of history) {
    if (changes.status && ended && changes.status !== ended) say(`I5: ${ended} became ${changes.status}`);
    if (changes.status && isTerminal(changes.status)) ended = changes.status;
    if (changes.intent && rank[changes.intent] < rank[intent]) say(`I5: the intent fell from ${intent}`);
    intent = changes.intent ?? intent;
    if (type === 'submission_started' && wantsStop(intent)) say('I7: a create was opened after a stop was committed');
    if (changes.cancel_requested_at) asked += 1;
  }
  if (asked > 1) say('I8: the first time stamp of the stop was not kept');
  if (!isDeepStrictEqual(replay(history.map((event) => event.changes)), row.state)) {
    say('I9: the events do not replay to the row');
  }
  return found;
}

/** What is wrong in one write of a row. */
export function stepViolations(before: PicturedRow, after: PicturedRow): string[] {
  const found: string[] = [];
  const [was, is] = [before.state, after.state];
  if (isTerminal(was.status) && is.status !== was.status) found.push(`I5: ${was.status} became ${is.status}`);
  if (rank[is.intent] < rank[was.intent]) found.push(`I5: the intent fell from ${was.intent} to ${is.intent}`);
  const opened = after.calls.filter((call) => !before.calls.some((known) => known.id === call.id));
  if (wantsStop(was.intent) && opened.some((call) => call.kind === 'create')) {
    found.push('I7: a create was opened after a stop was committed');
  }
  const live = after.calls.filter((call) => call.kind === 'create' && call.state === 'open');
  if (live.length > 1) found.push('I1: two creates are open at once');
  if (was.cancel_requested_at !== null && is.cancel_requested_at !== was.cancel_requested_at) {
    found.push('I8: the first time stamp of the stop was not kept');
  }
  return found;
}

/** What is still to be done in a world whose faults have ended, after everything due was done and one janitor's sweep. */
export function livenessViolations({ rows, jobs, files }: Picture): string[] {
  const found: string[] = [];
  for (const row of rows) {
    const ended = isTerminal(row.state.status);
    if (wantsStop(row.state.intent) && !ended)
      found.push(`L1: asked to stop, and still ${row.state.status} [${row.id}]`);
    if (row.state.intent === 'delete' && row.state.deleted_at === null) {
      found.push(`L1: deleted, and not forgotten [${row.id}]`);
    }
    if (row.calls.some((call) => call.state === 'open')) found.push(`L2: a call is left open [${row.id}]`);
  }
  const owners = new Map(rows.map((row) => [row.id, row]));
  for (const job of jobs.filter(({ phase }) => phase === 'active')) {
    const owner = owners.get(job.owner);
    if (!owner || isTerminal(owner.state.status) || owner.state.job_id !== job.id) {
      found.push(`L3: job ${job.id} trains for nobody [${job.owner}]`);
    }
  }
  for (const file of files) {
    const owner = owners.get(file.owner);
    if (!owner || owner.state.deleted_at !== null || owner.state.file_id !== file.id) {
      found.push(`L3: file ${file.id} is needed by nobody [${file.owner}]`);
    }
  }
  return found;
}
