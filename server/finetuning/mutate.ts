// A mutation at the provider: its call is committed, its request leaves, and what was answered is written whatever comes.
import { setTimeout as sleep } from 'node:timers/promises';
import type { AtProvider, Dependencies } from './dependencies.ts';
import { DomainError } from './errors.ts';
import { protocolOf } from './guarantees.ts';
import { apply, type Happening } from './lifecycle/apply.ts';
import { type Call, later } from './lifecycle/state.ts';
import { isLockedOut } from './lifecycle/transition.ts';
import { newId } from './object-id.ts';
import type { TrackedFinetuning } from './record.ts';
import { triedIn } from './tried.ts';

/** Beyond the request's own time-out, so that a lease never ends while its request is still being waited for. */
const LEASE_MARGIN_MS = 5000;
/** How long an answer waits for the database, and how often it tries. */
const RECORDING_MS = 5000;
const RECORDING_PAUSE_MS = 200;

export const newCall = (
  { clock, settings }: Dependencies,
  attempt: number,
  timeout_ms = settings.provider_timeout_ms,
) => {
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
export async function mutate(
  deps: AtProvider,
  row: TrackedFinetuning,
  call: Call,
  send: () => Promise<Happening>,
): Promise<TrackedFinetuning> {
  const opened = await write(deps, row, { kind: 'call_opened', call });
  if (!opened) return asItIs(deps, row);
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
async function record(deps: AtProvider, opened: TrackedFinetuning, call: Call, answer: Happening) {
  for (let current: TrackedFinetuning | null = opened; current !== null; ) {
    const written = await write(deps, current, answer);
    if (written) return written;
    current = await deps.store.finetunings.findAny(opened.id);
    if (current && !current.calls.some((known) => known.id === call.id && known.state === 'open')) return current;
  }
  return opened;
}

/** An observation counts only for the row it was made for. */
export const note = async (deps: AtProvider, row: TrackedFinetuning, happening: Happening) =>
  (await write(deps, row, happening)) ?? asItIs(deps, row);

/** Where a write lost: what is done next rests on what the row has become. */
export const asItIs = async ({ store }: Pick<Dependencies, 'store'>, row: TrackedFinetuning) =>
  (await store.finetunings.findAny(row.id)) ?? row;

/** Null: compare-and-set lost, or what happened no longer concerns the row. */
async function write(deps: AtProvider, row: TrackedFinetuning, happening: Happening) {
  const now = deps.clock();
  if ('outcome' in happening && isLockedOut(happening.outcome)) {
    deps.log.error(
      { finetuning: row.id, asked: happening.kind, outcome: happening.outcome },
      'the provider refuses us; are the API key and its project right?',
    );
  }
  const transition = apply(row, happening, now, { ...deps.settings, ...protocolOf(deps.provider) });
  return transition && (await deps.store.finetunings.save(row, { ...transition, tried: triedIn(happening, now) }, now));
}
