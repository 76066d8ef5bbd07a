// Azure OpenAI on its v1 API: another header, another form of an error, a list without a filter, a status of its own.
import { z } from 'zod';
import type { Body, Personality } from './front.ts';
import { openAiPersonality } from './openai.ts';

export const AZURE_KEY = 'key-of-the-resource';
export const ENTRA_TOKEN = 'token-of-the-identity';

const failed = (status: number, code: string, message: string) => ({
  status,
  body: { error: { code, message, innererror: { code } } } as Body,
});

/** All that its list takes. */
const QUERY = new Set(['after', 'limit', 'purpose', 'order', 'api-version']);

export const azurePersonality: Personality = {
  ...openAiPersonality,
  base: '/openai/v1',
  deny(headers) {
    const key = headers.get('api-key');
    const token = headers.get('authorization');
    if (key === AZURE_KEY && token === null) return null;
    if (key === null && token === `Bearer ${ENTRA_TOKEN}`) return null;
    return failed(
      401,
      '401',
      'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription.',
    );
  },
  refuseQuery(url) {
    const odd = [...url.searchParams.keys()].find((name) => !QUERY.has(name));
    return odd === undefined ? null : failed(400, 'BadRequest', `Unknown query parameter ${odd}`);
  },
  job: (shown) => ({ ...shown, status: shown['status'] === 'validating_files' ? 'pending' : shown['status'] }),
  refusal: (status, { message, code }) => failed(status, code ?? String(status), message),
  // A word of its own stands for one of OpenAI's; all else is OpenAI's document.
  departures: (reply) => openAiPersonality.departures({ ...reply, body: inOpenAiWords(reply.body) }),
};

const job = z.looseObject({ status: z.string() });
const list = z.looseObject({ data: z.array(z.looseObject({})) });

function inOpenAiWords(body: unknown): unknown {
  const listed = list.safeParse(body).data;
  if (listed) return { ...listed, data: listed.data.map(inOpenAiWords) };
  const shown = job.safeParse(body).data;
  return shown?.status === 'pending' ? { ...shown, status: 'validating_files' } : body;
}
