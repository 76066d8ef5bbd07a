// How a request can be refused, as responses of the OpenAPI document: made from the one table of errors.
import { z } from 'zod';
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { NO_KEY, WRONG_KEY } from '../../../finetuning/admission.ts';
import { inUse } from '../../../finetuning/commands/delete-db-connection.ts';
import { errorCodes, notFound } from '../../../finetuning/errors.ts';
import { type Standing, tooMany } from '../../../finetuning/limits.ts';
import { limitHeaders } from '../../limit-headers.ts';
import { RETRY_AFTER } from '../errors.ts';
import type { Examples, Refusal } from '../route.ts';

const refused = z
  .object({ detail: z.string().meta({ description: 'Why, for people.', example: 'Not Found' }) })
  .meta({ id: 'Error', description: 'Why the request was refused.' });

const invalid = z
  .object({
    detail: z
      .array(
        z.object({
          loc: z
            .array(z.union([z.string(), z.number()]).meta({ example: 'body' }))
            .meta({ description: 'Where: the part of the request, then the way into it.' }),
          msg: z.string().meta({ description: 'Why, for people.', example: 'Field required' }),
          type: z.string().meta({ description: 'Why, in one word for programs.', example: 'missing' }),
        }),
      )
      .meta({ description: 'Every field that was not met.' }),
  })
  .meta({ id: 'ValidationError', description: 'Which fields were not met, and why.' });

const saying = (detail: string, summary = 'What the answer says') => ({ summary, value: { detail } });
const id = '6579eb79eb4e22533dc43fe0';
const used: Standing = { policy: 'calls', most: 6000, left: 0, window_s: 60, reset_s: 42 };

/** What the server says, word for word; a test asks it. */
const examples: Record<Refusal, Examples> = {
  not_found: {
    finetuning: saying(notFound('Finetuning', id).message, 'A finetuning'),
    golden_record: saying(notFound('Golden record', id).message, 'A golden record'),
    database_connection: saying(notFound('Database connection', id).message, 'A database connection'),
    webhook_endpoint: saying(notFound('Webhook endpoint', id).message, 'A webhook endpoint'),
    delivery: saying(notFound('Delivery', id).message, 'A delivery'),
    api_key: saying(notFound('API key', id).message, 'An API key'),
  },
  no_logs: { none: saying('Provider openai shows no logs', 'The provider shows none') },
  invalid: {
    field: {
      summary: 'A field is missing',
      value: {
        detail: [
          {
            loc: ['body', 'db_connection_id'],
            msg: 'Field required',
            type: 'missing',
          },
        ],
      },
    },
    unknown: {
      summary: 'A field is not known',
      value: {
        detail: [
          {
            loc: ['body', 'golden_record_ids'],
            msg: 'golden_record_ids is not known; did you mean golden_records?',
            type: 'extra_forbidden',
          },
        ],
      },
    },
    body: {
      summary: 'There is no body',
      value: { detail: [{ loc: ['body'], msg: 'Field required', type: 'missing' }] },
    },
  },
  mismatch: {
    mismatch: saying(
      `The path names ${id}, the body 6579eb79eb4e22533dc43fe1; nothing was cancelled.`,
      'Path and body differ',
    ),
  },
  already_succeeded: {
    succeeded: saying('Model has already succeeded. Cannot cancel.', 'The run has succeeded'),
  },
  already_failed: { failed: saying('Model has already failed. Cannot cancel.', 'The run has failed') },
  idempotency_conflict: {
    reused: saying(
      'This Idempotency-Key was used for another request; use a new key, or repeat the same request.',
      'The key was used before',
    ),
    deleted: saying(
      'The finetuning that this Idempotency-Key made was deleted, and nothing was started; use a new key to start another.',
      'What the key made was deleted',
    ),
  },
  in_use: { used: saying(inUse('65676b2feb4e22533dc43fb1', { finetunings: 1, golden_records: 12 }).message) },
  too_large: { large: saying('The request body is larger than 32 MB; send it in parts.') },
  unauthorized: { none: saying(NO_KEY, 'No key was sent'), wrong: saying(WRONG_KEY, 'An unknown key was sent') },
  scope_missing: {
    scope: saying('"on call" may cancel; this needs run as well.', 'The key may do other things alone'),
  },
  forbidden: {
    host: saying(
      'Host "goldtune.internal" is not this machine. Use http://127.0.0.1, or set ADMIN_API_KEY to serve others.',
      'Reached by another name',
    ),
    origin: saying(
      'Requests from web pages at https://elsewhere.org are refused. Add that origin to ALLOWED_ORIGINS to serve them.',
      'Reached from another web page',
    ),
  },
  rate_limited: {
    calls: saying(tooMany({ name: 'dashboard' }, 'calls', used).message, 'Too many calls in a minute'),
  },
  unavailable: { database: saying('The database cannot be reached; try again a little later.') },
  internal: { unexpected: saying('Internal Server Error') },
};

const challenge = z.object({
  'WWW-Authenticate': z.string().meta({ description: 'How to authenticate.', example: 'Bearer' }),
});

const later = z.object({
  'Retry-After': z
    .string()
    .meta({ description: 'In how many seconds to try again.', example: RETRY_AFTER['retry-after'] }),
});

const inTime = z.object({
  'Retry-After': z.string().meta({ description: 'In how many seconds to come back.', example: String(used.reset_s) }),
  'RateLimit-Policy': z.string().meta({
    description: 'What the limit is: `q` in `w` seconds. Answers that are not refused have it too, where there is one.',
    example: limitHeaders(used)['ratelimit-policy'],
  }),
  RateLimit: z.string().meta({
    description: 'How it stands: `r` are left, and in `t` seconds there are more.',
    example: limitHeaders(used).ratelimit,
  }),
});

const inPascalCase = (code: string) => code.replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());

/** A response that can mean each of the codes. */
function meaning(codes: readonly Refusal[]): ZodOpenApiResponseObject {
  const meanings = codes.map((code) => errorCodes[code].meaning);
  return {
    description: meanings.length === 1 ? meanings.join() : meanings.map((line) => `- ${line}`).join('\n'),
    ...(codes.includes('unauthorized') ? { headers: challenge } : {}),
    ...(codes.includes('unavailable') ? { headers: later } : {}),
    ...(codes.includes('rate_limited') ? { headers: inTime } : {}),
    content: {
      'application/json': {
        schema: codes.includes('invalid') ? invalid : refused,
        examples: Object.assign({}, ...codes.map((code) => examples[code])),
      },
    },
  };
}

const isRefusal = (code: string): code is Refusal => code in examples;

/** One component a code, which all operations share. */
const shared = new Map<string, ZodOpenApiResponseObject>(
  Object.keys(examples)
    .filter(isRefusal)
    .map((code) => [code, { id: inPascalCase(code), ...meaning([code]) }]),
);

/** Status → response, of everything an operation can be refused with. */
export function refusals(codes: readonly Refusal[]): ZodOpenApiResponsesObject {
  const byStatus = Map.groupBy(codes, (code) => errorCodes[code].http);
  return Object.fromEntries(
    [...byStatus].map(([status, together]) => [String(status), shared.get(together.join()) ?? meaning(together)]),
  );
}
