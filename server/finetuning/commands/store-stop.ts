// Stores the wish to stop a run, or many, with an answer while there is time: it is stored, or known not to be, or may be.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dependencies } from '../dependencies.ts';
import { notFound } from '../errors.ts';
import { isTerminal } from '../lifecycle/state.ts';
import { requestStop, type StopRequest } from '../lifecycle/stop.ts';
import type { Transition } from '../lifecycle/transition.ts';
import { actorOf, type Principal } from '../principal.ts';
import type { TrackedFinetuning } from '../record.ts';
import type { Change } from '../store.ts';
import { Unavailable, unrecorded } from '../unavailable.ts';

/** Before the second try, and twice as long before each further one: what is held for long is asked for more seldom. */
const AGAIN_MS = { first: 100, longest: 1000 };
/** What a try may take: one that is cut off in its middle leaves it unknown whether the wish is recorded. */
const A_TRY_MS = 300;

/** For which organization, and who it is that receipts and events name. */
export type Asker = Omit<Principal, 'scopes'>;

export type Wish = Omit<StopRequest, 'by'>;

export type StopTime = {
  /** A moment of `performance.now()`: an answer is due. */
  by: number;
  /** Whoever waits for proof goes on with it in this process. */
  pursued: boolean;
  /** Whether it was tried before, and the database has not said that nothing was written. */
  mayBeRecorded: boolean;
};

/**
 * What passes is tried again while there is time: to ask twice is to ask once, also where the first may be recorded.
 * @returns null where it was there at the first try, which may be recorded, and is no more
 */
export async function storeStop(
  deps: Dependencies,
  principal: Asker,
  id: string,
  request: Wish,
  time: StopTime,
): Promise<TrackedFinetuning | null> {
  const { by } = time;
  const store = deps.store.stops(by);
  let pause_ms = AGAIN_MS.first;
  let failed = false;
  let { mayBeRecorded } = time;
  for (;;) {
    let isWriting = false;
    try {
      const before = await store.find(principal.organization_id, id);
      if (!before && mayBeRecorded) return null;
      if (!before) throw notFound('Finetuning', id);
      const now = deps.clock();
      const transition = requestStop(before, { ...request, by: actorOf(principal) }, now);
      if (!transition) return before;
      isWriting = true;
      // The message to the queue is a hint: not worth a second try.
      const wake = !failed && isToBeTold(request, transition, time);
      const after = await store.save(before, transition, now, { wake });
      // Compare-and-set lost: look at what the row has become, and ask again.
      if (after) return after;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      failed = true;
      mayBeRecorded ||= isWriting && error.mayBeDone;
      if (!error.passes || performance.now() + pause_ms + A_TRY_MS >= by)
        throw unrecorded(request.intent, error, mayBeRecorded);
      await sleep(pause_ms);
      pause_ms = Math.min(2 * pause_ms, AGAIN_MS.longest);
    }
  }
}

/** Where something is left to do, and this process does not go on at once, as it does unless a cancel is done with it. */
function isToBeTold({ intent }: Wish, { run }: Transition, { pursued }: StopTime): boolean {
  const isPursued = pursued && !(intent === 'cancel' && isTerminal(run.state.status));
  return !isPursued && run.due_at !== null;
}

/** As many as nothing stands in the way of. Each is found out by itself where this fails. */
export async function storeTogether(
  deps: Dependencies,
  principal: Asker,
  ids: readonly string[],
  wish: Wish,
  time: StopTime,
): Promise<{ stored: Map<string, TrackedFinetuning>; mayBeRecorded: boolean }> {
  const stored = new Map<string, TrackedFinetuning>();
  // Time is left to try each alone.
  const store = deps.store.stops(time.by - 2 * A_TRY_MS);
  let isWriting = false;
  try {
    const runs = await store.findMany(principal.organization_id, ids);
    const now = deps.clock();
    const changes = runs.flatMap((before): Change[] => {
      const transition = requestStop(before, { ...wish, by: actorOf(principal) }, now);
      if (transition) return [{ before, transition, wake: isToBeTold(wish, transition, time) }];
      stored.set(before.id, before);
      return [];
    });
    isWriting = true;
    for await (const after of store.saveMany(changes, now)) stored.set(after.id, after);
    return { stored, mayBeRecorded: false };
  } catch (error) {
    deps.log.warn({ err: error }, 'the cancels of many could not be stored together; each is stored by itself');
    return { stored, mayBeRecorded: isWriting && (!(error instanceof Unavailable) || error.mayBeDone) };
  }
}
