// Reads the row, decides the one next thing, does it, writes the row. The only place where the provider is spoken to.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dependencies } from './dependencies.ts';
import { errorLine } from './error-line.ts';
import { DomainError } from './errors.ts';
import { apply, type Happening } from './lifecycle/apply.ts';
import { type Action, decide } from './lifecycle/decide.ts';
import { searchOf } from './lifecycle/job-search.ts';
import { type Call, later } from './lifecycle/state.ts';
import { tagOf } from './lifecycle/submission.ts';
import { isLockedOut, reschedule, tryAgain, waitFor } from './lifecycle/transition.ts';
import { fileName } from './lifecycle/upload.ts';
import { lookAtJob, searchMissing } from './looks.ts';
import { newId } from './object-id.ts';
import type { TrackedFinetuning } from './record.ts';
import { buildTrainingFile } from './training-file.ts';
import { triedIn } from './tried.ts';

/** Beyond the request's own time-out, so that a lease never ends while its request is still being waited for. */
const LEASE_MARGIN_MS = 5000;
/** How long an answer waits for the database, and how often it tries. */
const RECORDING_MS = 5000;
const RECORDING_PAUSE_MS = 200;
/** A run that lives in another provider's ledger is looked at this many times more seldom than others. */
const OTHER_LEDGER_FACTOR = 4;
/** The slowest line an upload is given time for, in bytes per second. */
const SLOWEST_UPLOAD = 100_000;

/**
 * Does the one next thing for the row. Returns it as written, or null where it does not exist.
 * What fails here, and not at the provider, is put off like a provider that cannot be reached.
 */
export async function reconcile(deps: Dependencies, id: string): Promise<TrackedFinetuning | null> {
  const { store, clock, settings, provider, sightings, log } = deps;
  const row = await store.finetunings.findAny(id);
  if (!row) return null;
  const now = clock();
  const action = decide(row, now, settings, sightings.look(row));

  if (action.kind === 'wait') {
    if (action.until === row.due_at) return row;
    return (await store.finetunings.save(row, reschedule(row, action.until), now)) ?? row;
  }
  if (!provider.owns(row.provider_ledger) && action.kind !== 'conclude_cancelled') {
    log.error(
      { finetuning: id, lives_in: row.provider_ledger, configured: provider.ledger },
      'this finetuning lives at another provider than the one configured; configure that one again to go on with it',
    );
    const due_at = later(now, OTHER_LEDGER_FACTOR * settings.poll_interval_ms);
    const configured = provider.sandbox ? 'the sandbox, for want of an OPENAI_API_KEY' : provider.ledger;
    const message = `It lives at another provider (${row.provider_ledger}) than the one configured (${configured}); it is neither followed nor stopped until that one is configured again.`;
    const waiting = waitFor(row, { type: 'other_provider', message }, { due_at, failures: 0 }, now);
    return (await store.finetunings.save(row, waiting, now)) ?? row;
  }
  try {
    return await perform(deps, row, action);
  } catch (error) {
    log.error({ finetuning: id, action: action.kind, err: error }, 'could not do the next thing for this finetuning');
    return holdUp(deps, id, error);
  }
}

/** From the row as it is now: the failure may have come after it was written. */
async function holdUp({ store, clock }: Dependencies, id: string, error: unknown): Promise<TrackedFinetuning | null> {
  const row = await store.finetunings.findAny(id);
  if (!row) return null;
  const now = clock();
  const message = `goldtune cannot go on with it, and tries again: ${errorLine(error)}`;
  return (await store.finetunings.save(row, tryAgain(row, now, { type: 'held_up', message }), now)) ?? row;
}

async function perform(
  deps: Dependencies,
  row: TrackedFinetuning,
  action: Exclude<Action, { kind: 'wait' }>,
): Promise<TrackedFinetuning> {
  const { provider, settings } = deps;
  const timeout = settings.provider_timeout_ms;
  const { attempt } = row.state;

  switch (action.kind) {
    case 'upload': {
      await using training = await buildTrainingFile(deps, row, fileName(row.id, attempt));
      if (training.content_hash !== row.dataset.content_hash) {
        throw new Error(`the training file of ${row.id} is not what was pinned at its creation`);
      }
      const allowed = timeout + Math.ceil((row.dataset.bytes / SLOWEST_UPLOAD) * 1000);
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
          n_epochs: numeric(row.model_parameters.n_epochs),
          batch_size: numeric(row.model_parameters.batch_size),
          learning_rate_multiplier: numeric(row.model_parameters.learning_rate_multiplier),
          suffix: suffixOf(row.state.alias),
          tag: tagOf(row, attempt, settings.deployment),
        }),
      }));
    }
    case 'cancel':
      return sendCancel(deps, row, action.job_id);
    case 'delete_file':
      return sendDeleteFile(deps, row, action.file_id);
    case 'poll':
      return note(deps, row, await lookAtJob(deps, action.job_id));
    case 'confirm_gone':
      return note(deps, row, await searchMissing(deps, row));
    case 'verify_job': {
      const { call, job_id } = action;
      return note(deps, row, { kind: 'job_verified', call_id: call.id, outcome: await provider.getJob(job_id) });
    }
    case 'find_job': {
      const { call, conclusive } = action;
      const outcome = await provider.findJobs(searchOf(row, call));
      return note(deps, row, { kind: 'job_searched', call_id: call.id, outcome, conclusive });
    }
    case 'find_file':
      return note(deps, row, { kind: 'file_searched', call_id: action.call.id, outcome: await provider.listFiles() });
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

function sendCancel(deps: Dependencies, row: TrackedFinetuning, job_id: string): Promise<TrackedFinetuning> {
  const call: Call = { ...newCall(deps, row.state.attempt), kind: 'cancel', job_id };
  return mutate(deps, row, call, async () => ({
    kind: 'cancel_answered',
    call_id: call.id,
    outcome: await deps.provider.cancelJob(job_id),
  }));
}

function sendDeleteFile(deps: Dependencies, row: TrackedFinetuning, file_id: string): Promise<TrackedFinetuning> {
  const call: Call = { ...newCall(deps, row.state.attempt), kind: 'delete_file', file_id };
  return mutate(deps, row, call, async () => ({
    kind: 'delete_file_answered',
    call_id: call.id,
    outcome: await deps.provider.deleteFile(file_id),
  }));
}

/** Stops a job that its owner does not claim, and leaves the owner as it is. The next look at the owner verifies it. */
export const stopStray = (deps: Dependencies, owner_id: string, job_id: string) =>
  onBehalfOf(
    deps,
    owner_id,
    (call) => call.kind === 'cancel' && call.job_id === job_id,
    (owner) => sendCancel(deps, owner, job_id),
  );

/** Removes a file that its owner does not need. */
export const removeFile = (deps: Dependencies, owner_id: string, file_id: string) =>
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

const newCall = ({ clock, settings }: Dependencies, attempt: number, timeout_ms = settings.provider_timeout_ms) => {
  const opened_at = clock();
  return {
    id: newId(),
    attempt,
    state: 'open' as const,
    opened_at,
    lease_until: later(opened_at, timeout_ms + LEASE_MARGIN_MS),
    replied_at: null,
    detail: null,
  };
};

/** I2: the call row is committed first, and the request leaves only if that write won. */
async function mutate(
  deps: Dependencies,
  row: TrackedFinetuning,
  call: Call,
  send: () => Promise<Happening>,
): Promise<TrackedFinetuning> {
  const opened = await write(deps, row, { kind: 'call_opened', call });
  if (!opened) return row;
  const answer = await send();
  const deadline = performance.now() + RECORDING_MS;
  for (;;) {
    try {
      return await record(deps, opened, call, answer);
    } catch (error) {
      // Without its answer a refusal would be an unknown outcome, so a database that is away for a moment is waited for.
      if (!(error instanceof DomainError && error.code === 'unavailable') || performance.now() > deadline) throw error;
      await sleep(RECORDING_PAUSE_MS);
    }
  }
}

/** A reply is a fact: it is recorded whatever the row has become meanwhile, or else it would be lost. */
async function record(deps: Dependencies, opened: TrackedFinetuning, call: Call, answer: Happening) {
  for (let current: TrackedFinetuning | null = opened; current !== null; ) {
    const written = await write(deps, current, answer);
    if (written) return written;
    current = await deps.store.finetunings.findAny(opened.id);
    if (current && !current.calls.some((known) => known.id === call.id && known.state === 'open')) return current;
  }
  return opened;
}

/** An observation counts only for the row it was made for. */
const note = async (deps: Dependencies, row: TrackedFinetuning, happening: Happening) =>
  (await write(deps, row, happening)) ?? row;

/** Null: compare-and-set lost, or what happened no longer concerns the row. */
async function write(deps: Dependencies, row: TrackedFinetuning, happening: Happening) {
  const now = deps.clock();
  if ('outcome' in happening && isLockedOut(happening.outcome)) {
    deps.log.error(
      { finetuning: row.id, asked: happening.kind, outcome: happening.outcome },
      'the provider refuses us; are the API key and its project right?',
    );
  }
  const transition = apply(row, happening, now, deps.settings);
  return transition && (await deps.store.finetunings.save(row, { ...transition, tried: triedIn(happening, now) }, now));
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
