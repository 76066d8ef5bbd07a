// Which requests tRPC is given to read: of few calls, and JSON in UTF-8.
import { isUtf8 } from 'node:buffer';
import { cut } from '../../finetuning/cut.ts';
import { DomainError, invalid } from '../../finetuning/errors.ts';
import { NOT_UTF8 } from '../fields/not-utf8.ts';

/** Calls in one HTTP request. */
export const MOST_BATCHED = 50;

/** @throws DomainError for what it would read otherwise than it was meant, or at any length. */
export async function readable(request: Request): Promise<Request> {
  const { pathname, searchParams } = new URL(request.url);
  const calls = pathname.split(/,|%2c/i, MOST_BATCHED + 1);
  if (searchParams.get('batch') === '1' && calls.length > MOST_BATCHED) {
    throw invalid(['path'], `A request holds at most ${MOST_BATCHED} calls; send them in several.`, 'too_long');
  }
  if (request.method !== 'POST') return request;
  const type = request.headers.get('content-type') ?? '';
  if (type.split(';', 1)[0]?.trim().toLowerCase() !== 'application/json') {
    const said = type === '' ? 'The body has no Content-Type' : `Content-Type "${cut(type)}" is not read`;
    throw new DomainError('unsupported_encoding', `${said}; send JSON as application/json.`);
  }
  const { url, method, headers, signal } = request;
  const body = new Uint8Array(await request.arrayBuffer());
  if (!isUtf8(body)) throw invalid(['body'], NOT_UTF8, 'json_invalid');
  return new Request(url, { method, headers, signal, body });
}
