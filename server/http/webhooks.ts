// Webhooks of providers: answered at once, and let in by nothing but their signature.
import type { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Log } from '../finetuning/dependencies.ts';
import { Unavailable } from '../finetuning/unavailable.ts';
import type { Receive } from '../finetuning/webhook.ts';
import { isHungUp, nobodyListens } from './hung-up.ts';
import { refuse } from './refuse.ts';
import { detail, errorResponse } from './rest/errors.ts';
import { withoutSlash } from './trailing-slash.ts';

const PATH = '/webhooks/openai';
/** One has a few hundred bytes. */
const MOST_BYTES = 64 * 1024;
/** OpenAI gives up after a few seconds, and sends it again later, as it does after a 503. */
const LONGEST_MS = 3000;

const NOT_SET_UP =
  'Webhooks are not set up here: set OPENAI_WEBHOOK_SECRET to the signing secret that OpenAI shows for this address.';

/**
 * No guard of the API stands before it: whoever calls has neither a key nor a name of this machine, and a web page that
 * could be made to call has no signature.
 */
export function mountWebhooks(app: Hono, receive: Receive, log: Log, longest_ms = LONGEST_MS): void {
  const limit = bodyLimit({
    maxSize: MOST_BYTES,
    onError: (c) => refuse(c.req.raw, 'too_large', `The request body is larger than ${MOST_BYTES / 1024} kB.`),
  });
  app.post(PATH, limit, async (c) => {
    const request = c.req.raw;
    try {
      const received = await within(longest_ms, receive(new Uint8Array(await request.arrayBuffer()), request.headers));
      switch (received.kind) {
        case 'not_set_up':
          return refuse(request, 'not_found', NOT_SET_UP);
        case 'unproven':
          log.warn({ reason: received.reason }, 'a webhook that is not proven to be of OpenAI was refused');
          return refuse(request, 'unauthorized', `This is not proven to be of OpenAI: ${received.reason}.`);
        case 'taken':
          if (received.runs.length > 0)
            log.info({ finetunings: received.runs }, 'a webhook says that there is news of runs; they are looked at');
          return c.json({ received: true });
        default:
          return received satisfies never;
      }
    } catch (error) {
      if (isHungUp(error, request)) return nobodyListens();
      const response = errorResponse(error);
      if (!response) throw error;
      log.warn({ err: error }, 'a webhook could not be taken; OpenAI sends it again');
      return response;
    }
  });
  app.all(`${PATH}/`, withoutSlash);
  app.all(PATH, () => detail(405, 'Method Not Allowed', { allow: 'POST' }));
}

/** @throws DomainError `unavailable` where it takes longer; what was begun goes on, and taken twice it is taken once */
async function within<T>(longest_ms: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Unavailable('The database did not answer in time')), longest_ms);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
