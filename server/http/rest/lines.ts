// An answer as `application/x-ndjson`: a line of JSON for each item, a page of them at a time.
import { ServerResponse } from 'node:http';
import type { Context } from 'hono';

const headers = {
  'content-type': 'application/x-ndjson; charset=utf-8',
  'x-accel-buffering': 'no',
};

/**
 * Pulled: the next page is asked for once the reader has taken the last one. What fails in the middle cuts the connection
 * off: an end of the body would say that this was all.
 */
export function streamLines(
  pages: AsyncIterable<readonly unknown[]>,
  { c, ofAnswer, failed }: { c: Context; ofAnswer: Record<string, string>; failed: (error: unknown) => void },
): Response {
  const source = pages[Symbol.asyncIterator]();
  let left = false;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await source.next();
          if (left) return;
          if (done) return controller.close();
          controller.enqueue(encoder.encode(value.map(lineOf).join('')));
        } catch (error) {
          if (left) return;
          failed(error);
          if (!cutOff(c)) controller.error(error);
        }
      },
      cancel() {
        left = true;
        void source.return?.();
      },
    },
    // Nothing is read ahead.
    { highWaterMark: 0 },
  );
  return new Response(body, { headers: { ...headers, ...ofAnswer } });
}

/** By a reset: to HTTP/1.0, which nginx speaks unless told otherwise, a connection that is closed is an answer that ended. */
function cutOff(c: Context): boolean {
  const outgoing: unknown = Object(c.env).outgoing;
  if (!(outgoing instanceof ServerResponse)) return false;
  outgoing.req.socket.resetAndDestroy();
  return true;
}

/** What some readers take for the end of a line, and JSON lets stand. */
const BREAKS = /[\u0085\u2028\u2029]/g;
const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

const lineOf = (item: unknown) => `${JSON.stringify(item).replaceAll(BREAKS, escaped)}\n`;

const encoder = new TextEncoder();
