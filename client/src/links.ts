// How a call travels: keyed if it creates, within its limit, tried again if that is safe, streamed if it is a subscription.
import { httpLink, httpSubscriptionLink, retryLink, splitLink, type TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import { EventSource } from 'eventsource';
import { isRateLimited, isTransient } from './errors.ts';
import type { AppRouter } from './generated/router.ts';
import { DEFAULT_TIMEOUT_MS, limited } from './limit.ts';
import type { ClientOptions } from './options.ts';
import { expectingJson, reaching } from './reaching.ts';
import { DEFAULT_SILENCE_MS, heedingSilence } from './silence.ts';
import { milliseconds } from './timer.ts';

const MOST_ATTEMPTS = 4;
const FIRST_DELAY_MS = 250;

/** Sent twice, these do what they do once: cancel is idempotent, and what makes a record carries a key. */
const SAFE_MUTATIONS = new Set([
  'finetunings.create',
  'finetunings.cancel',
  'finetunings.cancelMany',
  'finetunings.bulkCancel',
]);

export function linksFor(
  address: string,
  { apiKey, headers, fetch: given, timeout = DEFAULT_TIMEOUT_MS, silence = DEFAULT_SILENCE_MS }: ClientOptions,
): TRPCLink<AppRouter>[] {
  const url = `${address}/trpc`;
  const send = given ?? fetch;
  const key = sendable(apiKey);
  const limit = milliseconds(timeout, 'timeout');
  const sent = async () => ({
    ...(key ? { authorization: `Bearer ${key}` } : {}),
    ...(typeof headers === 'function' ? await headers() : headers),
  });
  const withHeaders: typeof send = async (input, init) =>
    send(input, { ...init, headers: { ...Object(init?.headers), ...(await sent()) } });
  return [
    splitLink({
      condition: ({ type }) => type === 'subscription',
      true: [
        reaching(address),
        httpSubscriptionLink({
          url,
          EventSource,
          eventSourceOptions: {
            fetch: heedingSilence(withHeaders, milliseconds(silence, 'silence')),
          },
        }),
      ],
      false: [
        keyed,
        limited(address, limit),
        retryLink({
          retry: ({ op, error, attempts }) =>
            attempts < MOST_ATTEMPTS &&
            (op.type === 'query' || SAFE_MUTATIONS.has(op.path)) &&
            isTransient(error) &&
            // It says when to come back, which is later than all of these.
            !isRateLimited(error),
          retryDelayMs: (attempt) => FIRST_DELAY_MS * 2 ** attempt * (0.5 + Math.random() / 2),
        }),
        reaching(address),
        httpLink({ url, headers: sent, fetch: expectingJson(send) }),
      ],
    }),
  ];
}

/** Without what a secret store adds at the end. Sent otherwise, it would fail in words that show it. */
function sendable(apiKey = ''): string {
  const key = apiKey.trimEnd();
  if (/^[\x21-\x7e]*$/.test(key)) return key;
  throw new TypeError('apiKey holds a line break, a space or another character that cannot be sent');
}

/** Calls that make one record for one key. */
const KEYED = new Set(['finetunings.create', 'finetunings.bulkCancel']);

/** Gives each a key of its own, before it is tried again: however often it arrives, it makes one record. */
const keyed: TRPCLink<AppRouter> =
  () =>
  ({ op, next }) => {
    if (!KEYED.has(op.path) || typeof op.input !== 'object' || op.input === null) return next(op);
    const input = { idempotency_key: newKey(), ...withoutNull(op.input) };
    return observable((observer) => next({ ...op, input }).subscribe(observer));
  };

const withoutNull = (input: object) =>
  Object.fromEntries(Object.entries(input).filter(([key, value]) => key !== 'idempotency_key' || value != null));

/** `crypto.randomUUID` is missing on pages served over plain HTTP. */
const newKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
