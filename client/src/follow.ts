// A run followed from event to event, through what happens to connections: streamed where that works, else asked for.
import type { TRPCClient } from '@trpc/client';
import { isGoldtuneError, isTransient } from './errors.ts';
import type { AppRouter, Finetuning, FinetuningEvent } from './generated/router.ts';
import { startPatience } from './patience.ts';
import { pause } from './pause.ts';
import { eventStream } from './stream.ts';

export type Following = {
  /** Only events after this one. */
  after: number;
  /** How long goldtune may be out of reach, in milliseconds. */
  outage: number;
  signal: AbortSignal;
  /** Told the run as it is, at the start and whenever a stream is made anew. */
  see(run: Finetuning): void;
};

const RECONNECT_MS = 500;
/** Of a server whose streams are all taken. */
const LONGEST_RECONNECT_MS = 8000;
const MOST_EVENTS = 1000;

export async function* follow(
  trpc: TRPCClient<AppRouter>,
  id: string,
  { after, outage, signal, see }: Following,
): AsyncGenerator<FinetuningEvent, void> {
  // A wrong id, key or address fails here at once; what fails from now on is tried again.
  see(await trpc.finetunings.get.query({ id }, { signal }));
  let refused = 0;
  for (let last = after; ; ) {
    try {
      for await (const event of eventStream(trpc, { id, lastEventId: last }, signal)) {
        // A connection that is made again may tell again what was told.
        if (event.id <= last) continue;
        last = event.id;
        refused = 0;
        yield event;
      }
      return;
    } catch (error) {
      if (signal.aborted || (isGoldtuneError(error) && !isTransient(error))) throw error;
      refused = isGoldtuneError(error) ? refused + 1 : 0;
    }
    // Some proxies hold every stream back: what it did not bring is asked for before it is made again.
    for (let wait_ms = Math.min(LONGEST_RECONNECT_MS, RECONNECT_MS * 2 ** refused); ; wait_ms = 0) {
      const { run, missed } = await lookUp(trpc, { id, after: last }, { wait_ms, outage, signal });
      see(run);
      for (const event of missed) {
        last = event.id;
        yield event;
      }
      if (!hasEnded(run)) break;
      // A short page may have ended early, for want of space.
      if (missed.length === 0) return;
    }
  }
}

/** Tried until goldtune answers, or is out of reach for too long. */
async function lookUp(
  trpc: TRPCClient<AppRouter>,
  { id, after }: { id: string; after: number },
  { wait_ms, outage, signal }: Pick<Following, 'outage' | 'signal'> & { wait_ms: number },
): Promise<{ run: Finetuning; missed: FinetuningEvent[] }> {
  const patience = startPatience(outage);
  for (let next_ms = wait_ms; ; next_ms = RECONNECT_MS) {
    await pause(next_ms, signal);
    try {
      // In this order: a run that has ended has no event to come.
      const run = await trpc.finetunings.get.query({ id }, { signal });
      return { run, missed: await trpc.finetunings.events.query({ id, after, limit: MOST_EVENTS }, { signal }) };
    } catch (error) {
      if (!isTransient(error)) throw error;
      patience.failed(error);
    }
  }
}

export const hasEnded = ({ status }: Finetuning): boolean =>
  status === 'succeeded' || status === 'failed' || status === 'cancelled';
