// One request to a receiver: to no address of this network, along no redirect, within a time, and of its answer only the beginning.
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { type Attempt, retryAfter } from '../finetuning/webhooks/attempt.ts';
import { isAddress, whyNotPublic } from '../finetuning/webhooks/public-address.ts';
import { type LookUp, lookUpBy } from './look-up.ts';

export type Sent = { url: string; headers: Record<string, string>; body: string };
/** @throws the reason of the signal */
export type Send = (sent: Sent, signal: AbortSignal) => Promise<Attempt>;

const MOST_READ_BYTES = 16 * 1024;
const MOST_SHOWN = 1000;
const MOST_OF_ERROR = 300;

export function createSend(addresses: 'public' | 'all', timeout_ms: number, lookUp: LookUp = lookUpBy()): Send {
  const lookup = judged(lookUp, addresses);
  return async ({ url, headers, body }, signal) => {
    const { protocol, hostname } = new URL(url);
    const why = addresses === 'public' && isAddress(hostname) ? whyNotPublic(hostname) : null;
    if (why) return { kind: 'failed', error: refusal(hostname, hostname, why) };
    const timeout = AbortSignal.timeout(timeout_ms);
    try {
      const request = (protocol === 'https:' ? httpsRequest : httpRequest)(url, {
        method: 'POST',
        headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
        // One connection for each: none that was checked for another name or at another time, and none through a proxy,
        // which would look the name up by itself.
        agent: false,
        signal: AbortSignal.any([signal, timeout]),
        lookup,
      });
      request.end(body);
      const response = await answerTo(request);
      const { statusCode: status = 0, headers: answered } = response;
      const retry_after_ms = retryAfter(answered['retry-after'], Date.parse(answered.date ?? '') || Date.now());
      return { kind: 'answered', status, retry_after_ms, answer: await beginningOf(response) };
    } catch (error) {
      signal.throwIfAborted();
      if (timeout.aborted) return { kind: 'failed', error: `No answer within ${timeout_ms / 1000} s` };
      return { kind: 'failed', error: wordsOf(error).slice(0, MOST_OF_ERROR) };
    }
  };
}

const answerTo = (request: ReturnType<typeof httpRequest>): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request.once('response', resolve);
    // Heard for as long as it lives: it may fail while the answer is read too.
    request.on('error', reject);
    // One that switches protocols is neither: the connection just ends.
    request.once('close', () => reject(new Error('The connection was closed without an answer')));
  });

/** What was looked up is what is connected to: nothing asks for the name a second time. */
const judged =
  (lookUp: LookUp, addresses: 'public' | 'all'): LookupFunction =>
  (host, options, told) => {
    lookUp(host).then(
      (found) => {
        const [first] = found;
        if (!first) return told(new Error(`${host} has no address`), '');
        // One that is not public is enough: a name that leads to both is none to be trusted with either.
        const refused = found.flatMap(({ address }) => {
          const why = addresses === 'public' ? whyNotPublic(address) : null;
          return why ? [refusal(host, address, why)] : [];
        });
        if (refused[0]) return told(new Error(refused[0]), '');
        if (options.all) return told(null, found);
        told(null, first.address, first.family);
      },
      (error) => told(error, ''),
    );
  };

const refusal = (host: string, address: string, why: string) =>
  `${host} is at ${address}, which is ${why}: nothing is sent there unless WEBHOOK_PRIVATE_ADDRESSES=allow`;

/** Its status is known by then: what of the rest does not come changes nothing. */
async function beginningOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response) {
      chunks.push(Buffer.from(chunk));
      bytes += chunk.length;
      if (bytes >= MOST_READ_BYTES) break;
    }
  } catch {
    // Cut off, or out of time.
  }
  response.destroy();
  const text = Buffer.concat(chunks).toString('utf8').replaceAll('\u0000', '');
  return text.slice(0, MOST_SHOWN).toWellFormed();
}

/** Of several addresses of one host, each has failed. */
function wordsOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(wordsOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
