// The one oracle: what must hold of every finetuning, held against the rows and the provider's own ledger.
// It knows neither database nor search: each suite hands it a picture of its world.
import { isDeepStrictEqual } from 'node:util';
import { type Cancellation, receiptOf } from '../server/finetuning/lifecycle/receipt.ts';
import { type Changes, replay } from '../server/finetuning/lifecycle/replay.ts';
import {
  type Call,
  type Intent,
  isTerminal,
  type State,
  type Status,
  wantsStop,
} from '../server/finetuning/lifecycle/state.ts';

export type PicturedRow = {
  id: string;
  organization_id?: string;
  state: State;
  version: number;
  due_at: string | null;
  calls: readonly Call[];
  /** Oldest first; left out where a suite checks single steps instead. */
  history?: readonly { version: number; type: string; changes: Changes }[];
  /** The highest intent that a caller was told is stored. */
  acknowledged?: Intent;
  /** The highest intent that somebody who may has asked for, answered or not. */
  asked?: Intent;
  /** The end that a caller was told of. */
  told?: Status;
};

export type PicturedJob = {
  id: string;
  /** The finetuning in its tag. */
  owner: string;
  file_id: string;
  phase: 'active' | 'succeeded' | 'failed' | 'cancelled';
  /** False: it has not trained: it was refused in validation, or has not begun. */
  trained?: boolean;
  /** Which of those that have had its id; left out where ids are never used again. */
  incarnation?: string;
  /** It cannot begin any more, whatever the provider shows. */
  inert?: boolean;
  /** The provider does not show it any more. */
  forgotten?: boolean;
  /** Where the provider's clock is that of the rows: when it ended. */
  ended_at?: string;
};

/** A mutation that reached the provider, and what it is about: a file's name or id, a job's id. */
export type PicturedRequest = { kind: Call['kind']; about: string };

export type Picture = {
  rows: readonly PicturedRow[];
  /** Jobs of ours, as the provider itself holds them; those that a test made behind our back are left out. */
  jobs: readonly PicturedJob[];
  /** Files of ours that the provider still holds; `attempt` is the one in its name. */
  files: readonly { id: string; owner: string; attempt: number }[];
  requests?: readonly PicturedRequest[];
  /** What does not carry our tag. */
  foreign?: {
    jobs: readonly { id: string; phase: PicturedJob['phase'] }[];
    files?: readonly { id: string; held: boolean }[];
  };
  /** Which runs were shown to which organization. */
  shown?: readonly { organization_id: string; id: string }[];
};

const rank: Record<Intent, number> = { run: 0, cancel: 1, delete: 2 };

/** What is wrong in this picture, at whatever moment it was taken; each line begins with the invariant's number. */
export function safetyViolations({ rows, jobs, files, requests = [], foreign, shown = [] }: Picture): string[] {
  const found: string[] = [];
  for (const row of rows) {
    const own = jobs.filter((job) => job.owner === row.id);
    const say = (text: string) => found.push(`${text} [${row.id}]`);
    const { state } = row;

    // I1: whenever they ran, and however they ended.
    if (own.filter(mayTrain).length > 1) say('I1: more than one provider job trains');
    for (const job of own) {
      if (!row.calls.some((call) => call.kind === 'create' && call.file_id === job.file_id)) {
        say(`I2: job ${job.id} has no committed call row`);
      }
    }
    for (const file of files.filter(({ owner }) => owner === row.id)) {
      if (!row.calls.some((call) => call.kind === 'upload' && call.attempt === file.attempt)) {
        say(`I2: file ${file.id} has no committed call row`);
      }
    }
    found.push(...tooEarly(row));
    if (state.status === 'cancelled') {
      if (own.some(goesOn)) say('I3: cancelled, and a job goes on');
      if (own.some((job) => job.phase === 'succeeded')) say('I3: cancelled, and a job succeeded');
      const { cancel_confirmed_at } = state;
      if (state.evidence === null || cancel_confirmed_at === null) say('I3: cancelled without evidence');
      else if (own.some(({ ended_at }) => ended_at && ended_at > cancel_confirmed_at)) {
        say('I3: cancelled, and a job went on until it was stopped later');
      }
    }
    if (state.status === 'succeeded' || state.status === 'failed') {
      const adopted = own.find(isAdopted(state));
      if (adopted && !adopted.inert && !adopted.forgotten && adopted.phase !== state.status)
        say(`I4: ${state.status}, and its job is ${adopted.phase}`);
      if (state.status === 'succeeded' && !adopted) say('I4: succeeded without a job');
      if (state.status === 'failed' && own.some((job) => job.phase === 'succeeded')) {
        say('I4: failed, and a job of it succeeded');
      }
      if (own.some(goesOn)) say(`I4: ${state.status}, and a job goes on`);
    }
    // A file that arrives late, from an upload that was given up, is nobody's; the janitor removes it.
    const uploaded = row.calls.flatMap((call) => (call.kind === 'upload' ? (call.file_id ?? []) : []));
    if (state.deleted_at !== null && files.some(({ id }) => uploaded.includes(id))) {
      say('I10: forgotten, and a file of it is there');
    }
    if (rank[state.intent] < rank[row.acknowledged ?? 'run']) say(`I6: an acknowledged ${row.acknowledged} is lost`);
    if (row.told && row.told !== state.status) say(`I10: a caller was told ${row.told}, and it is ${state.status}`);
    // I12: whatever others may have tried, nobody of its own has asked for it.
    if (row.asked && rank[state.intent] > rank[row.asked]) say(`I12: nobody who may has asked for ${state.intent}`);
    if (row.organization_id && shown.some((it) => it.id === row.id && it.organization_id !== row.organization_id)) {
      say('I12: it was shown to another organization');
    }

    const receipt = receiptOf(state);
    if ((receipt?.state === 'confirmed') !== (state.status === 'cancelled')) say('I10: the receipt claims another end');
    const untrue = untrueEvidence(row, own);
    if (untrue) say(`I10: the receipt says ${state.evidence}, ${untrue}`);
    if (row.history) found.push(...historyViolations({ ...row, history: row.history }));
  }
  found.push(...uncommitted(rows, requests));
  for (const job of foreign?.jobs ?? []) {
    if (job.phase === 'cancelled') found.push(`I11: the foreign job ${job.id} was cancelled`);
  }
  for (const file of foreign?.files ?? []) if (!file.held) found.push(`I11: the foreign file ${file.id} was removed`);
  return found;
}

const mayTrain = (job: PicturedJob) => job.trained !== false;

const goesOn = (job: PicturedJob) => job.phase === 'active' && !job.inert;

const isAdopted = (state: State) => (job: PicturedJob) =>
  job.incarnation === undefined ? job.id === state.job_id : job.incarnation === state.job_incarnation;

/** An end is claimed though a create without an outcome may yet make a job. */
function tooEarly({ id, state: { status }, calls }: PicturedRow): string[] {
  if (!isTerminal(status) || !calls.some((call) => call.kind === 'create' && call.state === 'open')) return [];
  return [`${status === 'cancelled' ? 'I3' : 'I4'}: ${status}, and a create may still be executed [${id}]`];
}

/** I10: why a cancelled row's evidence is not what the provider and the calls show. Null where it is. */
function untrueEvidence({ state, calls }: PicturedRow, made: readonly PicturedJob[]): string | null {
  const own = made.filter(mayTrain);
  const creates = calls.filter((call) => call.kind === 'create');
  const adopted = made.find(isAdopted(state));
  switch (state.evidence) {
    case null:
      return null;
    case 'never_submitted':
      return own.length > 0 || creates.length > 0 ? 'and it was submitted' : null;
    case 'submission_refused':
      // Done, and no job: it was refused in validation.
      if (!['refused', 'done'].includes(creates.at(-1)?.state ?? '')) return 'and no submission was refused last';
      return own.length > 0 ? 'and there is a job' : null;
    case 'absent_at_provider':
      if (creates.length === 0) return 'and it was never submitted';
      return own.length > 0 ? 'and there is a job' : null;
    case 'provider_cancelled':
      return adopted?.phase === 'cancelled' || adopted?.inert ? null : `and its job is ${adopted?.phase ?? 'unknown'}`;
    case 'provider_gone':
      return adopted && !adopted.forgotten && !adopted.inert ? 'and its job is still shown' : null;
    default:
      return state.evidence satisfies never;
  }
}

/** I2, counted: each mutation that reached the provider has a call row of its own. */
function uncommitted(rows: readonly PicturedRow[], requests: readonly PicturedRequest[]): string[] {
  if (requests.length === 0) return [];
  const committed = new Map<string, number>();
  const count = (kind: Call['kind'], about: string | null) => {
    const key = `${kind} of ${about}`;
    committed.set(key, (committed.get(key) ?? 0) + 1);
  };
  for (const { id, calls } of rows) {
    for (const call of calls) {
      if (call.kind === 'upload') count('upload', `${id}.${call.attempt}.jsonl`);
      else count(call.kind, 'file_id' in call ? call.file_id : call.job_id);
    }
  }
  const arrived = Map.groupBy(requests, ({ kind, about }) => `${kind} of ${about}`);
  return [...arrived].flatMap(([what, sent]) =>
    sent.length > (committed.get(what) ?? 0) ? [`I2: ${what} was sent ${sent.length} times, committed fewer`] : [],
  );
}

/** What a caller was told of a run. `forgotten`: that it is deleted, all of it. */
export type Told = { id: string } & Partial<{ status: Status; cancellation: Cancellation | null; forgotten: boolean }>;

/** I10: what is wrong in an answer, held against the provider at the moment it was given. */
export function untrueAnswers({ id, status, cancellation, forgotten }: Told, jobs: Picture['jobs']): string[] {
  const found: string[] = [];
  const say = (text: string) => found.push(`I10: ${text} [${id}]`);
  const own = jobs.filter((job) => job.owner === id);
  const going = own.some(goesOn);
  if (status === 'cancelled' && own.some((job) => goesOn(job) || job.phase === 'succeeded')) {
    say('told that it is cancelled, and it is not');
  }
  if (status === 'succeeded' && !own.some((job) => job.phase === 'succeeded')) say('told of a success that is none');
  if (cancellation && (cancellation.state === 'confirmed') !== (status === 'cancelled')) say('told of another end');
  if (cancellation?.state === 'too_late' && going) say('told that it is too late, and the job goes on');
  if (forgotten && going) say('told that it is deleted, and its job goes on');
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
    if ((type === 'submission_started' || type === 'release_sent') && wantsStop(intent)) {
      say('I7: a create or a release was opened after a stop was committed');
    }
    if (changes.cancel_requested_at) asked += 1;
  }
  const sent = history.findLastIndex(({ type }) => type === 'submission_started');
  const claimed = history.findIndex(({ changes }) => changes.evidence === 'absent_at_provider');
  if (claimed >= 0 && !history.slice(sent, claimed).some(({ type }) => type === 'fenced')) {
    say('I3: a create without an answer was taken for absent, and its file had not been removed');
  }
  if (asked > 1) say('I8: the first time stamp of the stop was not kept');
  if (!isDeepStrictEqual(replay(history.map((event) => event.changes)), row.state)) {
    say('I9: the events do not replay to the row');
  }
  return found;
}

/** What is wrong in one write of a row. */
export function stepViolations(before: PicturedRow, after: PicturedRow): string[] {
  const found = tooEarly(after);
  const [was, is] = [before.state, after.state];
  if (isTerminal(was.status) && is.status !== was.status) found.push(`I5: ${was.status} became ${is.status}`);
  if (rank[is.intent] < rank[was.intent]) found.push(`I5: the intent fell from ${was.intent} to ${is.intent}`);
  const opened = after.calls.filter((call) => !before.calls.some((known) => known.id === call.id));
  if (wantsStop(was.intent) && opened.some((call) => call.kind === 'create' || call.kind === 'release')) {
    found.push('I7: a create or a release was opened after a stop was committed');
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
