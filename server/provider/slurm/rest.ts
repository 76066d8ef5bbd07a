// One request to slurmrestd, over HTTP or a Unix socket. Sent once: nothing here tries again or follows a redirect.
import { type ClientRequest, request as overHttp, type RequestOptions } from 'node:http';
import { request as overTls } from 'node:https';
import type { Readable } from 'node:stream';

export type Daemon = {
  /** `http://host:port`, `https://host:port` or `unix:/path`. */
  address: string;
  apiVersion: ApiVersion;
  /** Whose jobs they are. */
  user: string;
  /** A JWT of that user; null where the socket itself says who asks. */
  token: string | null;
};

/** v0.0.38 is what Slurm 22.05 and 23.02 speak, v0.0.42 what 24.11, 25.05 and 25.11 do. */
export const apiVersions = ['v0.0.38', 'v0.0.42'] as const;
export type ApiVersion = (typeof apiVersions)[number];

export type Reply = { status: number; text: string };

/** The list of all jobs of a large cluster comes as one reply. */
const LONGEST_REPLY = 128_000_000;

/** @throws Error where there is no whole reply; it may have been carried out all the same */
export function ask(daemon: Daemon, method: string, path: string, body: unknown, signal: AbortSignal): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  const text = body === undefined ? null : JSON.stringify(body);
  const request = open(daemon, {
    method,
    path: `/slurm/${daemon.apiVersion}${path}`,
    headers: {
      accept: 'application/json',
      // Asked to close, slurmrestd 22.05 writes that header behind the body.
      connection: 'keep-alive',
      ...(daemon.token === null ? {} : { 'x-slurm-user-name': daemon.user, 'x-slurm-user-token': daemon.token }),
      ...(text === null ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    },
    // A connection that was kept may be closed by the other side just as a mutation is sent over it.
    agent: false,
    signal,
  });
  request.on('error', reject);
  request.on('response', (response) => {
    readAll(response).then((read) => resolve({ status: response.statusCode ?? 0, text: read }), reject);
  });
  request.end(text ?? undefined);
  return promise;
}

function open({ address }: Daemon, options: RequestOptions): ClientRequest {
  if (address.startsWith('unix:')) return overHttp({ ...options, socketPath: address.slice('unix:'.length) });
  const url = new URL(address);
  const { path } = options;
  const placed = { ...options, path: `${url.pathname.replace(/\/$/, '')}${path}` };
  return url.protocol === 'https:' ? overTls(url, placed) : overHttp(url, placed);
}

async function readAll(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > LONGEST_REPLY) throw new Error(`the reply is longer than ${LONGEST_REPLY / 1_000_000} MB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
