// The lifecycle of one finetuning as data: what its row says, which provider calls it has made, when it is due.
import { z } from 'zod';
import type { Protocol } from '../guarantees.ts';
import type { JobRef } from '../provider.ts';
import { actorSchema } from './actor.ts';

export const statuses = ['queued', 'validating_files', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export const intents = ['run', 'cancel', 'delete'] as const;
export const evidences = [
  'never_submitted',
  'submission_refused',
  'absent_at_provider',
  'provider_cancelled',
  'provider_gone',
] as const;
/**
 * `held`: the job waits for its release, and has not begun. `over`: it is shown to have ended; what that means is
 * concluded once nothing can make it begin again.
 */
export const jobStages = ['held', 'over'] as const;

export type Status = (typeof statuses)[number];
/** What the user wants. Only ever rises: run < cancel < delete (I5). */
export type Intent = (typeof intents)[number];
/** Why a `cancelled` is true. */
export type Evidence = (typeof evidences)[number];

export const progressSchema = z.object({
  step: z.number().nullable(),
  total_steps: z.number().nullable(),
  train_loss: z.number().nullable(),
  valid_loss: z.number().nullable(),
  estimated_finish: z.string().nullable(),
});
export type Progress = z.infer<typeof progressSchema>;

const time = z.iso.datetime();

/** What a run waits for that is not its own: another provider, one that cannot be reached, a list without an end. */
export const waitingSchema = z.object({ type: z.string(), for: z.string(), since: time });
export type Waiting = z.infer<typeof waitingSchema>;

/** What the provider can be asked, as far as runs need it. */
export const attempts = [
  'upload',
  'create',
  'release',
  'cancel',
  'delete_file',
  'get_file',
  'list_files',
  'get_job',
  'list_jobs',
] as const;

/** What the provider was last asked about a run, and what came of it, for people. Nothing is decided by it. */
export const triedSchema = z.object({ action: z.enum(attempts), at: time, answer: z.string() });
export type Tried = z.infer<typeof triedSchema>;

/** Whose key or person asked for a cancel: its name alone may be another's too. */
export const requesterSchema = actorSchema.pick({ who: true, id: true });

/** The part of the row that events replay to (I9). Times are ISO 8601 in UTC. */
export const stateSchema = z.object({
  status: z.enum(statuses),
  intent: z.enum(intents),
  alias: z.string().nullable(),
  metadata: z.record(z.string(), z.string()).nullable(),
  /** Number of the current submission attempt, from 1; each has a training file of its own. */
  attempt: z.number().int(),
  file_id: z.string().nullable(),
  job_id: z.string().nullable(),
  job_name: z.string().nullable(),
  job_incarnation: z.string().nullable(),
  /** Null: it begins by itself, or has begun. */
  job_stage: z.enum(jobStages).nullable(),
  model_id: z.string().nullable(),
  error: z.string().nullable(),
  provider_status: z.string().nullable(),
  trained_tokens: z.number().nullable(),
  progress: progressSchema.nullable(),
  /** Null while it goes on as it should. */
  waiting: waitingSchema.nullable(),
  cancel_requested_at: time.nullable(),
  /** The name. */
  cancel_requested_by: z.string().nullable(),
  /** Null beside a name: it was asked for before this was kept. */
  cancel_requester: requesterSchema.nullable().catch(null),
  cancel_reason: z.string().nullable(),
  cancel_confirmed_at: time.nullable(),
  evidence: z.enum(evidences).nullable(),
  /** Since when the provider has answered 404 for the known job. */
  gone_since: time.nullable(),
  /** When a deleted finetuning was forgotten; it is invisible from then on. */
  deleted_at: time.nullable(),
});
export type State = z.infer<typeof stateSchema>;

/** Of a run that has only just been created. */
export const initialState: State = {
  status: 'queued',
  intent: 'run',
  alias: null,
  metadata: null,
  attempt: 1,
  file_id: null,
  job_id: null,
  job_name: null,
  job_incarnation: null,
  job_stage: null,
  model_id: null,
  error: null,
  provider_status: null,
  trained_tokens: null,
  progress: null,
  waiting: null,
  cancel_requested_at: null,
  cancel_requested_by: null,
  cancel_requester: null,
  cancel_reason: null,
  cancel_confirmed_at: null,
  evidence: null,
  gone_since: null,
  deleted_at: null,
};

export const callKinds = ['upload', 'create', 'release', 'cancel', 'delete_file'] as const;
export const callStates = ['open', 'done', 'refused', 'settled'] as const;

type CallRecord = {
  id: string;
  attempt: number;
  /**
   * `open` covers both in flight and outcome unknown; `settled` is an unknown outcome that was resolved by looking,
   * or given up because nothing depends on it.
   */
  state: (typeof callStates)[number];
  opened_at: string;
  /** Until then the process that opened the call is presumed to be working on it. Safety never rests on this. */
  lease_until: string;
  /** When its sender stopped waiting, whatever the outcome. */
  replied_at: string | null;
  /** What the provider said, for people. */
  detail: string | null;
};

/** Which job a call is about; an id alone may have become another's by the time that it is sent. */
type CalledJob = { job_id: string; job_name: string | null; job_incarnation: string | null };

/** A mutation at the provider, committed before its request leaves (I2). */
export type Call = CallRecord &
  (
    | {
        kind: 'upload' /** Known once it was answered or found; done once the provider can use it. */;
        file_id: string | null;
      }
    | {
        kind: 'create';
        file_id: string;
        /** The job that its answer named, until a look at that job has shown it to be this run's. */
        job_id: string | null;
        /** When the provider was first searched for the job. */
        looked_up_at: string | null;
        /** When the training file was proven gone, so that the create cannot execute any more. */
        fenced_at: string | null;
      }
    | ({ kind: 'release' } & CalledJob)
    | ({ kind: 'cancel' } & CalledJob)
    | { kind: 'delete_file'; file_id: string }
  );

export type CallOf<K extends Call['kind']> = Extract<Call, { kind: K }>;

/** All that a decision may depend on. */
export type Run = {
  id: string;
  state: State;
  calls: readonly Call[];
  /** When there is something to do next; null: nothing left. */
  due_at: string | null;
  /** Provider requests that failed in a row. */
  failures: number;
};

/** The durations the lifecycle works with, in milliseconds. */
export type Timing = {
  settle_window_ms: number;
  poll_interval_ms: number;
};

/** What a decision rests on besides the row: what the run's provider guarantees, and how long is waited. */
export type Terms = Timing & Protocol;

/** The job that the run knows. */
export const jobOf = ({
  job_id,
  job_name,
  job_incarnation,
}: Pick<State, 'job_id' | 'job_name' | 'job_incarnation'>): JobRef | null =>
  job_id === null ? null : { id: job_id, name: job_name, incarnation: job_incarnation };

export const calledJob = ({ id, name, incarnation }: JobRef): CalledJob => ({
  job_id: id,
  job_name: name,
  job_incarnation: incarnation,
});

export const isTerminal = (status: Status) => status === 'succeeded' || status === 'failed' || status === 'cancelled';

export const wantsStop = (intent: Intent) => intent !== 'run';

/** The higher of two intents (I5). */
export const raise = (current: Intent, wanted: Intent): Intent =>
  intents.indexOf(wanted) > intents.indexOf(current) ? wanted : current;

/** Whether a create's file was removed, or is about to be: it may have failed for that alone. */
export const wasFenced = (calls: readonly Call[], file_id: string) =>
  calls.some((call) => call.kind === 'delete_file' && call.file_id === file_id);

/** The call to resolve next: a create before all else, for it decides whether a job exists. */
export const openCall = (calls: readonly Call[]) => {
  const open = calls.filter((call) => call.state === 'open');
  return open.find((call) => call.kind === 'create') ?? open[0];
};

/** Whether a provider job of this run exists or may exist. */
export const mayHaveJob = (run: Pick<Run, 'state' | 'calls'>) =>
  run.state.job_id !== null || run.calls.some((call) => call.kind === 'create' && call.state === 'open');

/** Why it is certain that no job of a run exists or will, where none is known and no create is open. */
export function evidenceOfNone(calls: readonly Call[]): Evidence {
  const last = calls.findLast((call) => call.kind === 'create');
  if (!last) return 'never_submitted';
  // Done, and no job of the run: it was refused in validation, and given up.
  return last.state === 'settled' ? 'absent_at_provider' : 'submission_refused';
}

/** Uploaded files that no delete has removed yet, oldest first. */
export function remainingFiles(calls: readonly Call[]): string[] {
  const removed = new Set(
    calls.flatMap((call) => (call.kind === 'delete_file' && call.state === 'done' ? [call.file_id] : [])),
  );
  const uploaded = calls.flatMap((call) => (call.kind === 'upload' && call.file_id !== null ? [call.file_id] : []));
  return uploaded.filter((file) => !removed.has(file));
}

/** The last moment that every database and every reader of ISO 8601 can hold. */
const END_OF_TIME = Date.parse('9999-12-31T23:59:59.999Z');

export const later = (time: string, ms: number) => new Date(Math.min(Date.parse(time) + ms, END_OF_TIME)).toISOString();
