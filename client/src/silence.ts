// A fetch for streams, which fails where one does not begin or falls silent: then the stream is made anew.
import type { ClientOptions } from './options.ts';
import { after, timeUp } from './timer.ts';

/** A server that is there sends something every five seconds. */
export const DEFAULT_SILENCE_MS = 20_000;

type Fetch = NonNullable<ClientOptions['fetch']>;

/** Any byte is a sign of life: of an event, a ping or a comment. */
export const heedingSilence =
  (send: Fetch, silence: number): Fetch =>
  async (input, init) => {
    const controller = new AbortController();
    const giveUp = () => controller.abort(init?.signal?.reason);
    if (init?.signal?.aborted) giveUp();
    init?.signal?.addEventListener('abort', giveUp, { once: true });
    const late = () => controller.abort(timeUp(silence));
    const answer = await inTime(send(input, { ...init, signal: controller.signal }), silence, late);
    if (!answer.ok || !answer.body) return answer;
    const reader = answer.body.getReader();
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      async pull(stream) {
        const { done, value } = await inTime(reader.read(), silence, late);
        if (done) stream.close();
        else stream.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    });
    return new Response(body, answer);
  };

/** @throws DOMException a TimeoutError, after what is late was told of it. */
async function inTime<T>(promise: Promise<T>, ms: number, isLate: () => void): Promise<T> {
  let stop = () => {};
  const over = new Promise<never>((_, reject) => {
    stop = after(ms, () => {
      reject(timeUp(ms));
      isLate();
    });
  });
  try {
    return await Promise.race([promise, over]);
  } finally {
    stop();
  }
}
