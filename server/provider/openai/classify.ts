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
      : { kind: 'unknown', reason: `the reply could not be read: ${z.prettifyError(parsed.error).slice(0, 300)}` };
  } catch (error) {
    return classify(error);
  }
}

/** OpenAI and Azure answer errors as `{error: {message, …}}`; a proxy's page does not, and proves nothing. */
const errorBody = z.object({ message: text });

export function classify(error: unknown): Exclude<Outcome<never>, { kind: 'done' }> {
  if (!(error instanceof APIError) || error.status === undefined) return { kind: 'unknown', reason: describe(error) };
  const body = errorBody.safeParse(error.error);
  const code = refusalCode(error.status);
  if (!body.success || code === null) return { kind: 'unknown', reason: `HTTP ${error.status}: ${describe(error)}` };
  return {
    kind: 'refused',
    refusal: {
      code,
      message: explain(code, body.data.message),
      status: error.status,
      retry_after_ms: retryAfter(error.headers?.get('retry-after')),
    },
  };
}

/** Null: the status does not prove that nothing was executed. */
function refusalCode(status: number): Refusal['code'] | null {
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
      return status >= 400 && status < 500 ? 'invalid' : null;
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

function retryAfter(header: string | null | undefined): number | undefined {
  const seconds = Number(header);
  return header && Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return text.parse(String(error));
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return text.parse(`${error.message}${cause}`.slice(0, 300));
}
