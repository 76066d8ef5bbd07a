// The events of a run as an async iterable that outlives its connections.
import type { TRPCClient } from '@trpc/client';
import { isGoldtuneError, isTransient } from './errors.ts';
import type { AppRouter, FinetuningEvent } from './generated/router.ts';
import { pause } from './pause.ts';

export type WatchOptions = {
  /** Only events after this one. Default 0: all from the first. */
  after?: number;
  /** Ends the iteration with the signal's reason. */
  signal?: AbortSignal;
};

const RECONNECT_MS = 500;

export async function* watch(
  trpc: TRPCClient<AppRouter>,
  id: string,
  { after = 0, signal }: WatchOptions = {},
): AsyncGenerator<FinetuningEvent, void> {
  // A wrong id, key or address fails here at once; what fails from now on is tried again.
  await trpc.finetunings.get.query({ id }, signal ? { signal } : {});
  for (let last = after; ; ) {
    const reader = subscribe(trpc, id, last).getReader();
    const stop = () => void reader.cancel();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      for (;;) {
        signal?.throwIfAborted();
        const { done, value } = await reader.read();
        signal?.throwIfAborted();
        if (done) return;
        // A connection that is made again may tell again what was told.
        if (value.id <= last) continue;
        last = value.id;
        yield value;
      }
    } catch (error) {
      if (signal?.aborted || (isGoldtuneError(error) && !isTransient(error))) throw error;
      await pause(RECONNECT_MS, signal);
    } finally {
      signal?.removeEventListener('abort', stop);
      await reader.cancel().catch(() => {});
    }
  }
}

function subscribe(trpc: TRPCClient<AppRouter>, id: string, lastEventId: number): ReadableStream<FinetuningEvent> {
  let subscription: { unsubscribe(): void } | undefined;
  let left = false;
  return new ReadableStream({
    start(controller) {
      subscription = trpc.finetunings.watch.subscribe(
        { id, lastEventId },
        {
          onData: ({ data }) => controller.enqueue(data),
          onError: (error) => controller.error(error),
          // Also told to one who unsubscribes, whose stream is closed already.
          onComplete: () => left || controller.close(),
        },
      );
    },
    cancel() {
      left = true;
      subscription?.unsubscribe();
    },
  });
}
