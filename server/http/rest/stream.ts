// An answer as `text/event-stream`: one message an event, a comment now and then so that nobody takes it for dead.
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Log } from '../../finetuning/dependencies.ts';
import { DomainError } from '../../finetuning/errors.ts';
import { HEARTBEAT_MS } from '../heartbeat.ts';
import type { ServerSentEvent } from './route.ts';

/** How long a reader waits before it comes back. */
const RETRY_MS = 1000;

export function streamEvents(c: Context, events: AsyncIterable<ServerSentEvent>, log: Log): Response {
  c.header('x-accel-buffering', 'no');
  return streamSSE(c, async (stream) => {
    await stream.write(`retry: ${RETRY_MS}\n\n`);
    const keepingAlive = setInterval(() => void stream.write(': still here\n\n'), HEARTBEAT_MS);
    try {
      for await (const { id, data } of events) {
        await stream.writeSSE({ id, data: JSON.stringify(data) });
      }
    } catch (error) {
      // The reader sees the connection end and comes back with Last-Event-ID.
      const cause = error instanceof Error ? error.cause : null;
      if (!(cause instanceof DomainError)) log.error({ err: error }, 'a stream of events broke off');
    } finally {
      clearInterval(keepingAlive);
    }
  });
}
