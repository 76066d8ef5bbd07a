// What hosts of OpenAI's API answer in place of what was asked for: the forms of OpenAI, Azure, its gateway and FastAPI.
import { z } from 'zod';
import type { Profile } from './profile.ts';
import { text, word } from './replies.ts';

export type ErrorBody = {
  /** For people, as the host said it. */
  message: string;
  /** Its code, its type and the code of its inner error: whichever there are. */
  codes: string[];
  /** One text that FastAPI's router may have said itself, which has found no such path: nothing is known of the thing. */
  byRouter: boolean;
};

const code = word.nullish().catch(null);

/** `innererror` is Azure's. */
const documented = z
  .object({
    message: text,
    code,
    type: code,
    innererror: z.object({ code }).nullish().catch(null),
  })
  .transform(
    ({ message, code, type, innererror }): ErrorBody => ({
      message,
      codes: [code, type, innererror?.code].filter((one) => one != null),
      byRouter: false,
    }),
  );

/** How many of the fields that are wrong are named. */
const MOST_NAMED = 10;
const wrongField = z
  .object({ loc: z.array(z.union([word, z.number()])).catch([]), msg: text })
  .transform(({ loc, msg }) => (loc.length === 0 ? msg : `${loc.join('.')}: ${msg}`));

const fastApi = z
  .object({
    detail: z
      .union([text, z.array(wrongField).min(1)])
      .transform((detail) =>
        typeof detail === 'string'
          ? { said: detail, byRouter: true }
          : { said: detail.slice(0, MOST_NAMED).join('; '), byRouter: false },
      ),
  })
  .transform(({ detail: { said, byRouter } }): ErrorBody => ({ message: text.parse(said), codes: [], byRouter }));

/** What the gateway in front of Azure answers by itself, before it has asked anybody. */
const GATEWAY_REFUSES = [401, 403, 404, 429] as const;
const gateway = z
  .object({ statusCode: z.literal(GATEWAY_REFUSES), message: text })
  .transform(({ statusCode, message }) => ({ statusCode, body: { message, codes: [], byRouter: false } }));

const enveloped = z.object({ error: documented }).transform(({ error }) => error);

/**
 * @param whole the body as it came, with its `error`; a proxy's page, and a message that stands by itself, are of no form
 * @returns null where it is not in the form of that host
 */
export function errorBodyOf(form: Profile['errors'], status: number, whole: unknown): ErrorBody | null {
  const found = enveloped.safeParse(whole).data;
  if (found) return found;
  switch (form) {
    case 'openai':
      return null;
    case 'openai_or_fastapi':
      return fastApi.safeParse(whole).data ?? null;
    case 'openai_or_gateway': {
      const said = gateway.safeParse(whole).data;
      return said?.statusCode === status ? said.body : null;
    }
    default:
      return form satisfies never;
  }
}
