// Values of options, parsed. What only the server can judge is passed on as it was given.
import { createReadStream } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { InvalidArgumentError } from 'commander';
import { InputError } from './failure.ts';

export function seconds(given: string): number {
  const number = Number(given);
  if (given.trim() !== '' && number >= 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError('Give a number of seconds, such as 30.');
}

export function someSeconds(given: string): number {
  const number = seconds(given);
  if (number > 0) return number;
  throw new InvalidArgumentError('Give more than 0 seconds, such as 30.');
}

const UNITS_MS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90d`, in milliseconds; null: it is no such text. */
function spanOf(given: string): number | null {
  const [, count, unit = ''] = /^(\d{1,5})([smhd])$/.exec(given) ?? [];
  const unitMs = UNITS_MS[unit];
  if (count === undefined || unitMs === undefined) return given === '0' ? 0 : null;
  return Number(count) * unitMs;
}

export function span(given: string): number {
  const ms = spanOf(given);
  if (ms !== null) return ms;
  throw new InvalidArgumentError('Give a time with its unit, such as 30m, 12h or 7d.');
}

/** A time from now, or one as it is written. */
export function moment(given: string): string {
  const ms = spanOf(given);
  return ms === null ? given : new Date(Date.now() + ms).toISOString();
}

/** The same before now. */
export function ago(given: string): string {
  const ms = spanOf(given);
  return ms === null ? given : new Date(Date.now() - ms).toISOString();
}

export function wholeNumber(given: string): number {
  if (/^\d{1,9}$/.test(given)) return Number(given);
  throw new InvalidArgumentError('Give a whole number.');
}

export function someNumber(given: string): number {
  if (given.trim() !== '' && Number.isFinite(Number(given))) return Number(given);
  throw new InvalidArgumentError('Give a number, such as 0.0001.');
}

/** A training parameter: a number, or a word such as `auto`. */
export const parameter = (given: string): number | string =>
  given.trim() !== '' && Number.isFinite(Number(given)) ? Number(given) : given;

/** `a,b` and repeated options alike. */
export function list(given: string, before: readonly string[] = []): string[] {
  const items = given.split(',').map((item) => item.trim());
  return [...before, ...items.filter((item) => item !== '')];
}

/** `key=value`, repeated. */
export function pair(given: string, before: Record<string, string> = {}): Record<string, string> {
  const at = given.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Give key=value, such as team=analytics.');
  return { ...before, [given.slice(0, at)]: given.slice(at + 1) };
}

const fileProblems = new Map([
  ['ENOENT', 'there is no such file'],
  ['EACCES', 'it may not be read'],
  ['EISDIR', 'it is a directory'],
]);

/**
 * Of a file, or of stdin where it is named `-`, as they come.
 * @throws InputError with one line where it cannot be read.
 */
export async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    yield* file === '-' ? process.stdin : createReadStream(file);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const code = 'code' in error ? String(error.code) : '';
    throw new InputError(`${file}: ${fileProblems.get(code) ?? error.message}`);
  }
}

/** @throws InputError with one line where it cannot be read, or is not text. */
export async function textOf(file: string): Promise<string> {
  const bytes = await buffer(bytesOf(file));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(`${file}: it is not UTF-8 text; save it as UTF-8`);
  }
}
