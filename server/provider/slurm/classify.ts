// How a request to slurmrestd ended. 200 can carry an error and 500 is how it refuses, so its error numbers decide.
import { z } from 'zod';
import type { Outcome, Refusal } from '../../finetuning/provider.ts';
import type { Reply } from './rest.ts';

const LONGEST_TEXT = 1000;
const text = z
  .string()
  .transform((value) => value.slice(0, LONGEST_TEXT).replaceAll('\u0000', '').toWellFormed())
  .catch('');
const number = z.int().catch(0);

const slurmError = z
  .object({ error_number: number.optional(), error_code: number.optional(), error: text, description: text })
  .transform(({ error_number, error_code, error, description }) => ({
    number: error_number ?? error_code ?? 0,
    message: [error, description].filter((part) => part !== '').join(': '),
  }));
export type SlurmError = z.infer<typeof slurmError>;

/** Every reply of the daemon has this form; a proxy's page does not, and proves nothing. */
const envelope = z.looseObject({
  errors: z
    .array(slurmError)
    .nullish()
    .transform((errors) => errors ?? []),
});

/** "Job is in held state": what is answered to a request that asks for that. */
const HELD = 2042;

/** Said too of a reply that could not be verified, and the job has been made by then. */
const NOT_AUTHENTICATED = 1007;

/**
 * The numbers that prove that nothing was done, by what they mean for a run, where no job is named. Any other, as that
 * the controller cannot be reached (1800 and on) or "unspecified", proves nothing: a request may have got through before.
 */
const refusals: Partial<Record<Refusal['code'], readonly number[]>> = {
  missing: [2017],
  // An unusable partition, node, size, script, path, account, licence, reservation, time, workload key, service class,
  // count, generic resource, array, constraint; and what a job is too far along for.
  invalid: [
    2000, 2001, 2003, 2004, 2005, 2006, 2008, 2009, 2010, 2012, 2014, 2018, 2021, 2025, 2029, 2038, 2041, 2044, 2045,
    2048, 2051, 2053, 2054, 2057, 2066, 2069, 2072, 2081, 2083, 2084, 2115, 2119, 2123, 2124, 2127, 2133,
  ],
  forbidden: [2002, 2052],
  unauthorized: [1007],
  busy: [2007, 2015, 2016, 2020, 2068, 2070, 2101, 2103, 2105],
  exhausted: [2050, 2074],
};

const codeOf = (number: number): Refusal['code'] | null => {
  for (const code of ['missing', 'invalid', 'forbidden', 'unauthorized', 'busy', 'exhausted'] as const) {
    if (refusals[code]?.includes(number)) return code;
  }
  return null;
};

/**
 * A submit that names a job has made it, whatever else it says: that it is held, or that nothing can run it for now.
 * That we are not accepted refuses no run: a token ends by design, and the next one lets the run go on. So nothing is
 * concluded from it, as where it is said of a look.
 */
export async function attemptSubmit<T>(send: () => Promise<Reply>, reply: z.ZodType<T>): Promise<Outcome<T>> {
  const got = await exchange(send);
  if (got.kind === 'refused' && got.refusal.code === 'unauthorized')
    return { kind: 'unknown', reason: `HTTP ${got.refusal.status}: ${got.refusal.message}` };
  if (got.kind !== 'done') return got;
  const { body, status, errors } = got.value;
  const made = reply.safeParse(body);
  if (made.success) return { kind: 'done', value: made.data };
  const [error] = errors;
  if (error?.number === NOT_AUTHENTICATED) return unproven(error, status);
  return error ? failure(error, status) : understood(body, reply, status);
}

/**
 * Sends one request and classifies its end.
 * @param reply what of the body is believed; null of a transform that finds nothing is not understood
 */
export async function attempt<T>(send: () => Promise<Reply>, reply: z.ZodType<T>): Promise<Outcome<T>> {
  const got = await exchange(send);
  if (got.kind !== 'done') return got;
  const { body, status, errors } = got.value;
  const error = errors.find(({ number }) => number !== HELD);
  return error ? failure(error, status) : understood(body, reply, status);
}

/** A reply of the daemon's own, with what it calls errors. */
async function exchange(
  send: () => Promise<Reply>,
): Promise<Outcome<{ body: unknown; status: number; errors: SlurmError[] }>> {
  let got: Reply;
  try {
    got = await send();
  } catch (error) {
    return { kind: 'unknown', reason: error instanceof Error ? error.message.slice(0, LONGEST_TEXT) : 'no reply' };
  }
  // The daemon's own words, in plain text, where a request says nothing of who asks.
  if (got.status === 401 && got.text.trim() === 'Authentication failure') return refused('unauthorized', got.text, 401);
  const body = envelope.safeParse(json(got.text));
  return body.success
    ? { kind: 'done', value: { body: body.data, status: got.status, errors: body.data.errors } }
    : { kind: 'unknown', reason: `HTTP ${got.status}, and not the JSON that is documented` };
}

function understood<T>(body: unknown, reply: z.ZodType<T>, status: number): Outcome<T> {
  if (status < 200 || status >= 300) return { kind: 'unknown', reason: `HTTP ${status}, which gives no reason` };
  const parsed = reply.safeParse(body);
  if (parsed.success) return { kind: 'done', value: parsed.data };
  const fields = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
  return { kind: 'unknown', reason: `the reply is not as documented: ${fields.slice(0, 300)}` };
}

export function failure({ number, message }: SlurmError, status: number): Exclude<Outcome<never>, { kind: 'done' }> {
  const code = codeOf(number);
  return code === null
    ? unproven({ number, message }, status)
    : refused(code, `${message} (Slurm error ${number})`, status);
}

const unproven = ({ number, message }: SlurmError, status: number): { kind: 'unknown'; reason: string } => ({
  kind: 'unknown',
  reason: `HTTP ${status}, Slurm error ${number}: ${message}`,
});

function refused(code: Refusal['code'], message: string, status: number): { kind: 'refused'; refusal: Refusal } {
  return { kind: 'refused', refusal: { code, message: message.trim(), status } };
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}
