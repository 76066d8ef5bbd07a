// How a provider request ended: done, refused (proven not executed), or unknown. Unknown is never guessed away.
import { APIError } from 'openai';
import type { z } from 'zod';
import type { Outcome, Refusal } from '../../finetuning/provider.ts';
import { type ErrorBody, errorBodyOf } from './error-body.ts';
import type { Profile } from './profile.ts';
import { type Act, refusalCode } from './refusal-code.ts';
import { text } from './replies.ts';

/** Who was asked, for the words of a refusal and the reading of it. */
export type Host = { name: string; credential: string; profile: Pick<Profile, 'errors' | 'refusals'> };

/** Sends one request and classifies its end; a reply counts as `done` only when it parses. */
export async function attempt<T>(
  host: Host,
  send: () => Promise<unknown>,
  reply: z.ZodType<T>,
  act: Act = 'about',
): Promise<Outcome<T>> {
  try {
    const parsed = reply.safeParse(await send());
    return parsed.success
      ? { kind: 'done', value: parsed.data }
      : { kind: 'unknown', reason: `the reply could not be read: ${unlike(parsed.error)}` };
  } catch (error) {
    return classify(host, error, act);
  }
}

/** Which of its fields are missing or of another form than documented; a text that holds none is not shown. */
function unlike({ issues }: z.ZodError): string {
  const fields = new Set(issues.map(({ path }) => path.join('.')).filter((way) => way !== ''));
  return fields.size === 0
    ? 'it is not the JSON that is documented'
    : `not as documented: ${[...fields].join(', ').slice(0, 300)}`;
}

function classify(host: Host, error: unknown, act: Act): Exclude<Outcome<never>, { kind: 'done' }> {
  if (!(error instanceof APIError) || error.status === undefined) return { kind: 'unknown', reason: describe(error) };
  const body = errorBodyOf(host.profile.errors, error.status, error.cause);
  const code = body && refusalCode(error.status, body, host.profile.refusals, act);
  if (body === null || code === null) return { kind: 'unknown', reason: `HTTP ${error.status}: ${describe(error)}` };
  return {
    kind: 'refused',
    refusal: {
      code,
      message: explain(host, code, body),
      status: error.status,
      retry_after_ms: retryAfter(error.headers?.get('retry-after'), error.headers?.get('date')),
    },
  };
}

function explain({ name, credential }: Host, code: Refusal['code'], { message }: ErrorBody): string {
  switch (code) {
    case 'unauthorized':
      return `Provider ${name} does not accept its ${credential}: ${message} Give a valid ${credential} for provider ${name}.`;
    case 'forbidden':
      return `Provider ${name} does not let the account of its ${credential} do it: ${message} Allow it there, or choose another provider.`;
    case 'closed':
      return `Provider ${name} has ended fine-tuning, for this account or for all: ${message} Choose another provider for new runs.`;
    case 'exhausted':
      return `The credit or quota at provider ${name} is used up: ${message} Add to it there.`;
    case 'invalid':
    case 'missing':
    case 'busy':
    case 'not_ready':
      return message;
    default:
      return code satisfies never;
  }
}

/** The longest that is waited because a provider asks for it; what asks for more than a day is taken for a mistake. */
const LONGEST_PATIENCE_MS = 3_600_000;
const PLAUSIBLE_MS = 86_400_000;

/** Seconds, or a date by the provider's own clock. Undefined where there is none that can be meant. */
function retryAfter(header: string | null | undefined, date: string | null | undefined): number | undefined {
  if (!header) return undefined;
  const seconds = Number(header);
  const ms = Number.isNaN(seconds) ? Date.parse(header) - Date.parse(date ?? '') : seconds * 1000;
  return ms >= 0 && ms <= PLAUSIBLE_MS ? Math.min(ms, LONGEST_PATIENCE_MS) : undefined;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return text.parse(String(error));
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return text.parse(`${error.message}${cause}`.slice(0, 300));
}
