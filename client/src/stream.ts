// One stream of events as an async iterable, which fails at the first sign that its connection is in trouble.
import type { TRPCClient } from '@trpc/client';
import type { AppRouter, FinetuningEvent, RouterInputs } from './generated/router.ts';

export async function* eventStream(
  trpc: TRPCClient<AppRouter>,
  input: RouterInputs['finetunings']['watch'],
  signal: AbortSignal,
): AsyncGenerator<FinetuningEvent, void> {
  signal.throwIfAborted();
  let leave = () => {};
  const events = new ReadableStream<FinetuningEvent>({
    start(controller) {
      let left = false;
      const fail = (reason: unknown) => {
        left = true;
        controller.error(reason);
      };
      const giveUp = () => fail(signal.reason);
      const subscription = trpc.finetunings.watch.subscribe(input, {
        onData: ({ data }) => left || controller.enqueue(data),
        onError: fail,
        // The EventSource would try again without end; whoever follows a run looks at it in between.
        onConnectionStateChange: ({ error }) => error && fail(error),
        // Also told to one who unsubscribes, whose stream is closed already.
        onComplete: () => left || controller.close(),
      });
      signal.addEventListener('abort', giveUp);
      leave = () => {
        left = true;
        signal.removeEventListener('abort', giveUp);
        subscription.unsubscribe();
      };
    },
  });
  try {
    // Safari cannot iterate over a stream.
    const reader = events.getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    leave();
  }
}
