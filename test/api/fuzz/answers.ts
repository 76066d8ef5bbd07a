// What no answer may be, whatever was asked: a failure of ours, or a refusal that tells of our inside or in no known form.
import { z } from 'zod';
import { errorCodes } from '../../../server/finetuning/errors.ts';
import type { Told } from './sending.ts';

const field = z.strictObject({ loc: z.array(z.union([z.string(), z.number()])), msg: z.string(), type: z.string() });
const detail = z.strictObject({ detail: z.union([z.string().min(1), z.array(field).min(1)]) });
const reason = z.enum(Object.keys(errorCodes) as [string, ...string[]]);
const failure = z.object({
  message: z.string().min(1),
  data: z.object({ reason, httpStatus: z.number(), fields: z.array(field), stack: z.undefined().optional() }),
});

/** A stack, a file of ours, a statement of the database, a word of a library about itself. */
const INSIDE =
  /\n\s+at |node_modules|\/server\/|file:\/\/|\.[cm]?[jt]s:\d+|Failed query|violates .* constraint|invalid byte sequence|select .* from "|insert into "|update "\w+" set|drizzle|pglite|is not a function|Cannot read propert|Maximum call stack|invalid_type|ZodError/i;

const LONGEST_REFUSAL = 64_000;

/** @returns what is wrong with the answer, in words; nothing of one that may be. */
export function wrongIn({ status, headers, text }: Told, isTrpc: boolean): string[] {
  const type = String(headers['content-type'] ?? '');
  const errors = isTrpc ? errorsIn(text, type) : [];
  const statuses = [status, ...errors.map((error) => Number(Object(Object(error).data).httpStatus))];
  const wrong = statuses.filter((each) => each >= 500).map((each) => `it was answered ${each}`);
  if (status < 400 && errors.length === 0) return wrong;
  if (INSIDE.test(text)) wrong.push(`it tells ${INSIDE.exec(text)?.[0]}`);
  if (text.length > LONGEST_REFUSAL) wrong.push(`a refusal of ${text.length} characters`);
  wrong.push(...(isTrpc ? formOfTrpc(errors, status, text) : formOfRest(status, text)));
  return wrong;
}

function formOfRest(status: number, text: string): string[] {
  // A HEAD has no body.
  if (text === '') return [];
  const read = detail.safeParse(json(text));
  if (!read.success) return ['the refusal is not { detail }'];
  const isList = Array.isArray(read.data.detail);
  return isList === (status === 422) ? [] : [`with ${status} the detail is ${isList ? 'a list' : 'a text'}`];
}

function formOfTrpc(errors: readonly unknown[], status: number, text: string): string[] {
  if (text === '') return [];
  if (errors.length === 0) return [`${status} without an error`];
  return errors.flatMap((error) => {
    const read = failure.safeParse(error);
    return read.success ? [] : [`an error of another form: ${z.prettifyError(read.error)}`];
  });
}

/** Of one call, of a batch, of a batch that is streamed, of a stream. */
function errorsIn(text: string, type: string): unknown[] {
  const events = [...text.matchAll(/^event: serialized-error\ndata: (.*)$/gm)].map(([, data]) => json(data ?? ''));
  if (type.includes('text/event-stream')) return events;
  const all = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(json);
  return all.flatMap(errorsWithin);
}

function errorsWithin(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(errorsWithin);
  const error: unknown = Reflect.get(value, 'error');
  return Object.hasOwn(value, 'error') && Object.hasOwn(Object(error), 'data') ? [error] : [];
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
