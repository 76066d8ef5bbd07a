// Sends a request as it was made, odd bytes and all, over HTTP/1.1, and reads all that is answered.
import { Agent, request } from 'node:http';
import { within } from '../../deadline.ts';
import { type Things, unmarked } from './marks.ts';
import type { Sent } from './requests.ts';

export type Told = { status: number; headers: Record<string, string | string[] | undefined>; text: string };

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** @throws Error where the connection ends without an answer */
export function send(url: string, sent: Sent, present: Things, key: string | null): Promise<Told> {
  const { promise, resolve, reject } = Promise.withResolvers<Told>();
  const { host, port } = { host: new URL(url).hostname, port: new URL(url).port };
  const body = sent.body && Buffer.from(unmarked(sent.body.text, present), sent.body.encoding);
  const headers = Object.fromEntries(
    Object.entries(sent.headers).map(([name, value]) => [name, unmarked(value, present)]),
  );
  const asked = request({
    ...{ host, port, agent, method: sent.method, path: unmarked(sent.path, present) },
    headers: {
      ...headers,
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body ? { 'content-length': body.length } : {}),
    },
  });
  asked.on('error', reject);
  asked.on('response', (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', reject);
    response.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
    });
  });
  asked.end(body ?? undefined);
  return within(promise, () => `${sent.method} ${sent.path} is answered`, LONGEST_MS);
}

const LONGEST_MS = 30_000;
