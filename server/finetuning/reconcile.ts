// Reads the row, decides the one next thing, does it, writes the row. The only place where the provider is spoken to.
import type { AtProvider, Dependencies } from './dependencies.ts';
import { DomainError } from './errors.ts';
import { protocolOf } from './guarantees.ts';
import { type Action, decide } from './lifecycle/decide.ts';
import { searchOf } from './lifecycle/job-search.ts';
import { type Call, calledJob, wantsStop } from './lifecycle/state.ts';
import { tagOf } from './lifecycle/submission.ts';
import { LONGEST_BACKOFF_MS, longestPause, reschedule, tryAgain } from './lifecycle/transition.ts';
import { fileName } from './lifecycle/upload.ts';
import { lookAtJob, searchMissing } from './looks.ts';
import { asItIs, mutate, newCall, note } from './mutate.ts';
import { waitForProvider } from './other-provider.ts';
import { bareRef, type JobRef } from './provider.ts';
import type { TrackedFinetuning } from './record.ts';
import { buildTrainingFile } from './training-file.ts';

/** Of a reason that the operating system gives, in characters. */
const LONGEST_REASON = 300;
/** The slowest line an upload is given time for, in bytes per second. */
const SLOWEST_UPLOAD = 100_000;

/**
 * Does the one next thing for the row. Returns it as written, or null where it does not exist.
 * What fails here, and not at the provider, is put off like a provider that cannot be reached.
 * @param known as it was just written, which spares a read: what it is no more is found out by the next write (I2)
 */
export async function reconcile(
  deps: Dependencies,
  id: string,
  known?: TrackedFinetuning,
): Promise<TrackedFinetuning | null> {
  const { store, clock, settings, providers, sightings, log } = deps;
  const row = known ?? (await store.finetunings.findAny(id));
  if (!row) return null;
  const now = clock();
  const provider = providers.of(row.provider_ledger);
  const action = decide(row, now, { ...settings, ...protocolOf(provider) }, sightings.look(row));

  if (action.kind === 'wait') {
    if (action.until === row.due_at) return row;
    return (await store.finetunings.save(row, reschedule(row, action.until), now)) ?? asItIs(deps, row);
  }
  // What no provider is asked for needs none.
  if (provider === null && action.kind !== 'conclude_cancelled') return await waitForProvider(deps, row, now);
  try {
    return await perform({ ...deps, provider: provider ?? providers.standard }, row, action);
  } catch (error) {
    log.error({ finetuning: id, action: action.kind, err: error }, 'could not do the next thing for this finetuning');
    return holdUp(deps, id, error);
  }
}

/** From the row as it is now: the failure may have come after it was written. */
async function holdUp(deps: Dependencies, id: string, error: unknown): Promise<TrackedFinetuning | null> {
  const { store, clock, settings } = deps;
  const row = await store.finetunings.findAny(id);
  if (!row) return null;
  const now = clock();
  const message = `goldtune cannot go on with it, and tries again: ${toldOf(error)}`;
  // To build a file again and again for nothing is dear; nobody is to wait for a stop because of that.
  const ceiling = wantsStop(row.state.intent) ? longestPause(row, settings) : LONGEST_BACKOFF_MS;
  const transition = tryAgain(row, now, { type: 'held_up', message }, ceiling);
  return (await store.finetunings.save(row, transition, now)) ?? asItIs(deps, row);
}

/** Only what was worded for it, or by the operating system of a file: other errors may repeat a statement, and its data. */
function toldOf(error: unknown): string {
  if (error instanceof DomainError) return error.message;
  if (error instanceof Error && 'syscall' in error)
    return error.message.slice(0, LONGEST_REASON).replaceAll('\u0000', '').toWellFormed();
  return 'something unexpected went wrong; the log says what.';
}

async function perform(
  deps: AtProvider,
  row: TrackedFinetuning,
  action: Exclude<Action, { kind: 'wait' }>,
): Promise<TrackedFinetuning> {
  const { provider, settings } = deps;
  const timeout = settings.provider_timeout_ms;
  const { attempt } = row.state;

  switch (action.kind) {
    case 'upload': {
      const { bytes, content_hash } = readable(row.dataset, 'the size and the hash of its training file');
      await using training = await buildTrainingFile(deps, row, fileName(row.id, attempt));
      if (training.content_hash !== content_hash) {
        throw new DomainError('internal', `the training file of ${row.id} is not what was pinned at its creation`);
      }
      const allowed = timeout + Math.ceil((bytes / SLOWEST_UPLOAD) * 1000);
      const call: Call = { ...newCall(deps, attempt, allowed), kind: 'upload', file_id: null };
      // Awaited here: the file is removed on the way out of this block.
      return await mutate(deps, row, call, async () => ({
        kind: 'upload_answered',
        call_id: call.id,
        outcome: await provider.uploadFile(training.file, allowed),
      }));
    }
    case 'create': {
      const { file_id } = action;
      const parameters = readable(row.model_parameters, 'its parameters');
      const call: Call = {
        ...newCall(deps, attempt),
        kind: 'create',
        file_id,
        job_id: null,
        looked_up_at: null,
        fenced_at: null,
      };
      return mutate(deps, row, call, async () => ({
        kind: 'create_answered',
        call_id: call.id,
        outcome: await provider.createJob({
          model_name: row.model_name,
          training_file_id: file_id,
          n_epochs: numeric(parameters.n_epochs),
          batch_size: numeric(parameters.batch_size),
          learning_rate_multiplier: numeric(parameters.learning_rate_multiplier),
          learning_rate: parameters.learning_rate,
          lora: parameters.lora,
          suffix: suffixOf(row.state.alias),
          tag: tagOf(row, attempt, settings.deployment),
        }),
      }));
    }
    case 'release':
      return sendRelease(deps, row, action.job);
    case 'cancel':
      return sendCancel(deps, row, action.job);
    case 'delete_file':
      return sendDeleteFile(deps, row, action.file_id);
    case 'poll':
      return note(deps, row, await lookAtJob(deps, action.job, row.state.intent));
    case 'confirm_gone':
      return note(deps, row, await searchMissing(deps, row));
    case 'verify_job': {
      const { call, job_id } = action;
      return note(deps, row, {
        kind: 'job_verified',
        call_id: call.id,
        outcome: await provider.getJob(bareRef(job_id)),
      });
    }
    case 'find_job': {
      const { call, conclusive } = action;
      const outcome = await provider.findJobs(searchOf(row, call));
      return note(deps, row, { kind: 'job_searched', call_id: call.id, outcome, conclusive });
    }
    case 'find_file':
      return note(deps, row, {
        kind: 'file_searched',
        call_id: action.call.id,
        outcome: await provider.listFiles(row.id),
      });
    case 'check_file': {
      const { call, file_id, last } = action;
      return note(deps, row, {
        kind: 'file_checked',
        call_id: call.id,
        outcome: await provider.getFile(file_id),
        last,
      });
    }
    case 'conclude_cancelled':
      return note(deps, row, { kind: 'concluded' });
    case 'forget':
      return note(deps, row, { kind: 'forgotten' });
    default:
      return action satisfies never;
  }
}

function sendRelease(deps: AtProvider, row: TrackedFinetuning, job: JobRef): Promise<TrackedFinetuning> {
  const { releaseJob, name } = deps.provider;
  if (releaseJob === null) throw new Error(`${name} shows a held job, and says that it holds none`);
  const call: Call = { ...newCall(deps, row.state.attempt), kind: 'release', ...calledJob(job) };
  return mutate(deps, row, call, async () => ({
    kind: 'release_answered',
    call_id: call.id,
    outcome: await releaseJob(job),
  }));
}

function sendCancel(deps: AtProvider, row: TrackedFinetuning, job: JobRef): Promise<TrackedFinetuning> {
  const call: Call = { ...newCall(deps, row.state.attempt), kind: 'cancel', ...calledJob(job) };
  return mutate(deps, row, call, async () => ({
    kind: 'cancel_answered',
    call_id: call.id,
    outcome: await deps.provider.cancelJob(job),
  }));
}

function sendDeleteFile(deps: AtProvider, row: TrackedFinetuning, file_id: string): Promise<TrackedFinetuning> {
  const call: Call = { ...newCall(deps, row.state.attempt), kind: 'delete_file', file_id };
  return mutate(deps, row, call, async () => ({
    kind: 'delete_file_answered',
    call_id: call.id,
    outcome: await deps.provider.deleteFile(file_id),
  }));
}

/** Stops a job that its owner does not claim, and leaves the owner as it is. The next look at the owner verifies it. */
export const stopStray = (deps: AtProvider, owner_id: string, job: JobRef) =>
  onBehalfOf(
    deps,
    owner_id,
    (call) => call.kind === 'cancel' && call.job_id === job.id,
    (owner) => sendCancel(deps, owner, job),
  );

/** Removes a file that its owner does not need. */
export const removeFile = (deps: AtProvider, owner_id: string, file_id: string) =>
  onBehalfOf(
    deps,
    owner_id,
    (call) => call.kind === 'delete_file' && call.file_id === file_id,
    (owner) => sendDeleteFile(deps, owner, file_id),
  );

async function onBehalfOf(
  { store }: Dependencies,
  owner_id: string,
  isSame: (call: Call) => boolean,
  act: (owner: TrackedFinetuning) => Promise<TrackedFinetuning>,
): Promise<void> {
  const owner = await store.finetunings.findAny(owner_id);
  // A run that is being submitted is left alone, and nothing is asked twice at once; the next sweep comes by again.
  const isBusy = (call: Call) => call.kind === 'upload' || call.kind === 'create' || isSame(call);
  if (owner && !owner.calls.some((call) => call.state === 'open' && isBusy(call))) await act(owner);
}

/** Nothing is sent by a guess at what was stored. */
function readable<T>(stored: T | null, what: string): T {
  if (stored === null) throw new Error(`what is stored of ${what} cannot be read`);
  return stored;
}

/** "3" → 3; the schema has let nothing else through but numbers and "auto". */
const numeric = (value: number | string): number | 'auto' => (value === 'auto' ? 'auto' : Number(value));

/** What the provider makes part of the model's name. */
function suffixOf(alias: string | null): string | null {
  const plain = (alias ?? '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return plain === '' ? null : plain;
}
