// One route of the table as an operation of the OpenAPI document.
import type { z } from 'zod';
import type {
  ZodOpenApiContentObject,
  ZodOpenApiOperationObject,
  ZodOpenApiParameters,
  ZodOpenApiRequestBodyObject,
  ZodOpenApiResponseObject,
} from 'zod-openapi';
import type { Answered, Examples, Refusal, Route } from '../route.ts';
import { refusals } from './refusals.ts';

export function operationOf(route: Route): ZodOpenApiOperationObject {
  const { operationId, summary, description, tag, answers } = route.documented;
  const body = requestBody(route);
  return {
    operationId,
    tags: [tag],
    summary,
    description,
    requestParams: parameters(route),
    ...(body ? { requestBody: body } : {}),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, response(answer)])),
      ...refusals(refusalsOf(route)),
    },
  };
}

/** Its own, and those that every route with such parts can give. */
function refusalsOf({ schemas, documented }: Route): Refusal[] {
  const hasFields = schemas.params ?? schemas.query ?? schemas.headers ?? schemas.body;
  return [
    'unauthorized',
    'forbidden',
    'scope_missing',
    ...documented.errors,
    ...(schemas.body ? (['too_large'] as const) : []),
    ...(hasFields ? (['invalid'] as const) : []),
    'rate_limited',
    'internal',
    'unavailable',
  ];
}

function parameters({ schemas, documented }: Route): ZodOpenApiParameters {
  const query = schemas.query ?? documented.upload?.query;
  return {
    ...(schemas.params ? { path: schemas.params } : {}),
    ...(query ? { query } : {}),
    ...(schemas.headers ? { header: schemas.headers } : {}),
  };
}

function requestBody({ schemas, documented }: Route): ZodOpenApiRequestBodyObject | null {
  if (!schemas.body) return null;
  return {
    required: !schemas.bodyOptional,
    content: { ...json(schemas.body, documented.examples), ...documented.upload?.content },
  };
}

function response({ description, schema, examples, headers, stream, lines, text }: Answered): ZodOpenApiResponseObject {
  const content = {
    ...(text ? { 'text/plain': { schema: { type: 'string' as const }, examples: text } } : {}),
    ...(schema ? json(schema, examples) : {}),
    ...(lines ? { 'application/x-ndjson': { schema: { type: 'string' as const }, examples: lines } } : {}),
    ...(stream ? { 'text/event-stream': { schema: { type: 'string' as const }, examples: stream } } : {}),
  };
  return {
    description,
    ...(headers ? { headers } : {}),
    ...(Object.keys(content).length > 0 ? { content } : {}),
  };
}

const json = (schema: z.ZodType, examples: Examples = {}): ZodOpenApiContentObject => ({
  'application/json': { schema, examples },
});
