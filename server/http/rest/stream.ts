// An answer as `text/event-stream`: one message an event, a comment now and then so that nobody takes it for dead.
import type { Log } from '../../finetuning/dependencies.ts';
import { DomainError } from '../../finetuning/errors.ts';
import { HEARTBEAT_MS } from '../heartbeat.ts';
import type { ServerSentEvent } from './route.ts';

/** How long a reader waits before it comes back. */
const RETRY_MS = 1000;

const headers = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache',
  'x-accel-buffering': 'no',
};

/** Pulled: the next event is asked for once the reader has taken the last one, and nothing piles up for one that stalls. */
export function streamEvents(events: AsyncIterable<ServerSentEvent>, log: Log): Response {
  const source = events[Symbol.asyncIterator]();
  let keepingAlive: NodeJS.Timeout | undefined;
  let left = false;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoded(`retry: ${RETRY_MS}\n\n`));
    },
    async pull(controller) {
      // Not before: what is never read is never cancelled either.
      keepingAlive ??= setInterval(() => {
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoded(': still here\n\n'));
      }, HEARTBEAT_MS);
      try {
        const { done, value } = await source.next();
        if (left) return;
        if (!done) return controller.enqueue(encoded(`data: ${JSON.stringify(value.data)}\nid: ${value.id}\n\n`));
      } catch (error) {
        // The reader sees the connection end and comes back with Last-Event-ID; if it may not, it is told so by that answer.
        const cause = error instanceof Error ? error.cause : null;
        if (cause instanceof DomainError) controller.enqueue(encoded(`: ${cause.message.replaceAll(/\s+/g, ' ')}\n\n`));
        else log.error({ err: error }, 'a stream of events broke off');
      }
      clearInterval(keepingAlive);
      controller.close();
    },
    cancel() {
      left = true;
      clearInterval(keepingAlive);
      // It ends with the signal of its request; until then it may wait for an event.
      void source.return?.();
    },
  });
  return new Response(body, { headers });
}

const encoder = new TextEncoder();
const encoded = (text: string) => encoder.encode(text);
