// OpenAI, whose words the sandbox speaks by itself.
import { z } from 'zod';
import { departuresFrom, replySchema } from './document.ts';
import type { Personality } from './front.ts';

const anyObject = z.record(z.string(), z.unknown());

export const openAiPersonality: Personality = {
  base: '/v1',
  deny: (headers) =>
    headers.get('authorization') === 'Bearer sandbox'
      ? null
      : {
          status: 401,
          body: {
            error: {
              message: 'Incorrect API key.',
              type: 'invalid_request_error',
              param: null,
              code: 'invalid_api_key',
            },
          },
        },
  create(asked) {
    const problems = departuresFrom('CreateFineTuningJobRequest', asked);
    if (problems.length > 0) {
      const error = { message: problems.join('; '), type: 'invalid_request_error', param: null, code: 'invalid_value' };
      return { refused: { status: 400, body: { error } } };
    }
    return { body: anyObject.parse(asked) };
  },
  job: (shown) => shown,
  refusal: (status, error) => ({ status, body: { error: { ...error, type: 'invalid_request_error' } } }),
  departures({ method, path, status, body }) {
    const schema = status === 200 ? replySchema(method, path) : null;
    return schema === null ? [] : departuresFrom(schema, withoutEnds(body));
  },
};

const emptyList = z.looseObject({ data: z.array(z.unknown()).length(0), first_id: z.null(), last_id: z.null() });

/** Of an empty list the document does not say what its first and last ids are. */
function withoutEnds(body: unknown): unknown {
  const empty = emptyList.safeParse(body).data;
  return empty ? { ...empty, first_id: '', last_id: '' } : body;
}
