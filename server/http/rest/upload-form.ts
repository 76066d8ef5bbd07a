// A multipart form with a file, which is read while it arrives and never held whole.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy } from '@fastify/busboy';
import type { z } from 'zod';
import { cut } from '../../finetuning/cut.ts';
import { DomainError, invalid } from '../../finetuning/errors.ts';
import { UnreadableFile } from '../../finetuning/golden-records/file/problem.ts';
import { notKnown } from '../fields/unknown.ts';
import { EXTRA, wordsOf } from '../fields/words.ts';
import { asForm } from './upload-schemas.ts';

type FormFile = { bytes: AsyncIterable<Uint8Array>; name: string; type: string };
type Field = (name: string) => string | null;

export const isForm = (type: string): boolean => type === 'multipart/form-data';

const limits = { fields: 20, fieldSize: 10_000, parts: 30, headerPairs: 50 };

/**
 * @param read is given the form field `file`, and the fields that came before it.
 * @returns what `read` made of it, and all fields of the form.
 * @throws what `read` throws; DomainError `invalid` where the form cannot be read or has not one file.
 */
export async function readForm<T>(
  request: Request,
  read: (file: FormFile, before: Field) => Promise<T>,
): Promise<{ read: T; field: Field }> {
  const fields = new Map<string, string>();
  const field: Field = (name) => fields.get(name) ?? null;
  const stop = new AbortController();
  const results: Promise<T>[] = [];
  const form = open(request);
  form.on('field', (name, value) => {
    const fault = faultOf(name, value);
    if (fault) stop.abort(fault);
    if (results.length > 0 && (name === 'prompt_column' || name === 'sql_column')) {
      stop.abort(invalid(['body', name], `put ${name} before the file, or into the query`));
    }
    fields.set(name, value);
  });
  form.on('file', (name, bytes, fileName, _encoding, type) => {
    if (name !== 'file' || results.length > 0) {
      bytes.resume();
      stop.abort(invalid(['body', cut(name)], 'put the file, and only one, into the form field "file"'));
      return;
    }
    const result = read({ bytes, name: fileName ?? '', type }, field);
    // What is refused need not arrive whole.
    result.catch((error: unknown) => stop.abort(error));
    results.push(result);
  });
  try {
    await pipeline(request.body ? Readable.fromWeb(request.body) : Readable.from([]), form, { signal: stop.signal });
    const [result] = results;
    if (result !== undefined) return { read: await result, field };
  } catch (error) {
    const reason: unknown = stop.signal.aborted ? stop.signal.reason : error;
    throw isOurs(reason) ? reason : invalid(['body'], UNREADABLE);
  }
  throw invalid(['body', 'file'], 'put the CSV or JSONL file into the form field "file"');
}

function faultOf(name: string, value: string): DomainError | null {
  const schema = new Map<string, z.ZodType>(Object.entries(asForm.shape)).get(name);
  if (!schema) return invalid(['body', cut(name)], notKnown(name, asForm), EXTRA);
  const [issue] = schema.safeParse(value, { reportInput: true }).error?.issues ?? [];
  return issue ? invalid(['body', name], wordsOf(issue).msg, wordsOf(issue).type) : null;
}

const UNREADABLE = 'the multipart form could not be read; send the file as the form field "file"';

const isOurs = (error: unknown): boolean => error instanceof UnreadableFile || error instanceof DomainError;

function open(request: Request) {
  try {
    return new Busboy({ headers: { 'content-type': request.headers.get('content-type') ?? '' }, limits });
  } catch {
    throw invalid(['body'], UNREADABLE);
  }
}
