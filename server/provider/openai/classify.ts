// How a provider request ended: done, refused (proven not executed), or unknown. Unknown is never guessed away.
import { APIError } from 'openai';
import { z } from 'zod';
import type { Outcome, Refusal } from '../../finetuning/provider.ts';
import { text } from './replies.ts';

/** Sends one request and classifies its end; a reply counts as `done` only when it parses. */
export async function attempt<T>(send: () => Promise<unknown>, reply: z.ZodType<T>): Promise<Outcome<T>> {
  try {
    const parsed = reply.safeParse(await send());
    return parsed.success
      ? { kind: 'done', value: parsed.data }
      : { kind: 'unknown', reason: `the reply could not be read: ${unlike(parsed.error)}` };
  } catch (error) {
    return classify(error);
  }
}

/** Which of its fields are missing or of another form than documented; a text that holds none is not shown. */
function unlike({ issues }: z.ZodError): string {
  const fields = new Set(issues.map(({ path }) => path.join('.')).filter((way) => way !== ''));
  return fields.size === 0
    ? 'it is not the JSON that is documented'
    : `not as documented: ${[...fields].join(', ').slice(0, 300)}`;
}

/** OpenAI and Azure answer errors as `{error: {message, …}}`; a proxy's page does not, and proves nothing. */
const errorBody = z.object({ message: text });

export function classify(error: unknown): Exclude<Outcome<never>, { kind: 'done' }> {
  if (!(error instanceof APIError) || error.status === undefined) return { kind: 'unknown', reason: describe(error) };
  const body = errorBody.safeParse(error.error);
  const code = body.success ? refusalCode(error.status, body.data.message) : null;
  if (!body.success || code === null) return { kind: 'unknown', reason: `HTTP ${error.status}: ${describe(error)}` };
  return {
    kind: 'refused',
    refusal: {
      code,
      message: explain(code, body.data.message),
      status: error.status,
      retry_after_ms: retryAfter(error.headers?.get('retry-after'), error.headers?.get('date')),
    },
  };
}

/** As Azure and OpenAI say that a file they have is not imported yet. */
const NOT_READY = /\bnot (yet )?(been )?(ready|processed|imported)\b|\bstill being (processed|imported|validated)\b/i;

/** Null: the status does not prove that nothing was executed. */
function refusalCode(status: number, message: string): Refusal['code'] | null {
  switch (status) {
    case 401:
      return 'unauthorized';
    case 403:
      return 'forbidden';
    case 404:
      return 'missing';
    case 429:
      return 'busy';
    // A time-out or a conflict may come after the request took effect.
    case 408:
    case 409:
      return null;
    default:
      if (status < 400 || status >= 500) return null;
      return NOT_READY.test(message) ? 'not_ready' : 'invalid';
  }
}

function explain(code: Refusal['code'], message: string): string {
  switch (code) {
    case 'unauthorized':
      return `The provider does not accept the API key: ${message} Set a valid OPENAI_API_KEY.`;
    case 'forbidden':
      return `The provider does not let this account do it: ${message} OpenAI is closing self-serve fine-tuning; an account that may no longer train needs another provider (set OPENAI_BASE_URL).`;
    default:
      return message;
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
