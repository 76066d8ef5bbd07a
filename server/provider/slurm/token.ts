// The token that says who asks. It ends by design, so one in a file is read for each request: another takes its place there.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { codeOf } from './absent.ts';
import { within } from './patience.ts';

/** Told of each token that is read, so that it is kept out of every text. */
export type TokenFile = { file: string; onRead: (token: string) => void };
/** A text stays as it is while the process lives. Null: the socket itself says who asks. */
export type TokenSource = string | TokenFile | null;

/** A file like any other, but it may be on a share that hangs. */
const FILE_MS = 5000;
/** What can be sent in a header. */
const SENDABLE = /^[\x21-\x7e]+$/;

/** @throws Error that says what to do */
export async function tokenOf(source: TokenSource): Promise<string | null> {
  if (source === null || typeof source === 'string') return source;
  const { file, onRead } = source;
  const token = (await within(contentOf(file), FILE_MS, `the token file ${file} cannot be read: no answer`)).trim();
  if (!SENDABLE.test(token)) throw new Error(`the token file ${file} holds no token; ${adviceFor(source)}`);
  onRead(token);
  return token;
}

/** By file. One that hangs takes one of the process's four threads for all files, however many wait for it. */
const reads = new Map<string, Promise<string>>();

function contentOf(file: string): Promise<string> {
  const inFlight = reads.get(file);
  if (inFlight !== undefined) return inFlight;
  const read = readFile(file, 'utf8')
    .catch((error: unknown) => {
      throw new Error(`the token file ${file} cannot be read (${codeOf(error)})`);
    })
    .finally(() => reads.delete(file));
  reads.set(file, read);
  return read;
}

/** What an operator does about one that is not accepted. */
export const adviceFor = (source: TokenSource): string => {
  if (source === null)
    return 'give the token of the user that is configured (scontrol token): this socket asks for one';
  return typeof source === 'string'
    ? 'start goldtune again with another of the user that is configured (scontrol token); one in a file, by the variable that ends in _FILE, is replaced without that'
    : `put another of the user that is configured (scontrol token) into ${source.file}; it is taken up as it is, and runs go on`;
};

const payload = z.object({ exp: z.int().min(0).max(8_640_000_000_000) });

/** When it says itself that it ends, by this machine's clock already over; null where it says no such thing. */
export function endedAt(token: string | null, now_ms = Date.now()): string | null {
  const [, body = ''] = (token ?? '').split('.');
  try {
    const { exp } = payload.parse(JSON.parse(Buffer.from(body, 'base64url').toString()));
    return exp * 1000 <= now_ms ? new Date(exp * 1000).toISOString() : null;
  } catch {
    return null;
  }
}
