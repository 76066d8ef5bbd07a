// The OpenAPI 3.1 document, made from the route table and the schemas it parses requests with.
import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import type { Route } from './route.ts';
import { routes } from './routes.ts';

const errorDetail = z.object({ detail: z.string() }).meta({ id: 'Error' });
const validationError = z
  .object({
    detail: z.array(z.object({ loc: z.array(z.union([z.string(), z.number()])), msg: z.string(), type: z.string() })),
  })
  .meta({ id: 'ValidationError' });

export function openApiDocument(version: string) {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'goldtune',
      version,
      description: 'Fine-tuning runs from golden records: started, followed, and stopped with certainty.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths,
    components: { securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' } } },
    // Without a key configured the local machine needs none.
    security: [{}, { apiKey: [] }],
  });
}

function operation({ method, path, schemas, documented }: Route): ZodOpenApiOperationObject {
  const json = (schema: z.ZodType) => ({ content: { 'application/json': { schema } } });
  const uploads = Object.fromEntries((documented.uploads ?? []).map((type) => [type, { schema: z.string() }]));
  const failure = (status: string) => Number(status) >= 400;
  return {
    operationId:
      `${method}${path.replace('/api/v1', '').replaceAll(/[^a-z]+(\w)/gi, (_, letter: string) => letter.toUpperCase())}`.replaceAll(
        /\W/g,
        '',
      ),
    tags: [documented.tag],
    summary: documented.summary,
    ...(documented.description ? { description: documented.description } : {}),
    requestParams: {
      ...(schemas.params ? { path: schemas.params } : {}),
      ...(schemas.query ? { query: schemas.query } : {}),
      ...(documented.headers ? { header: documented.headers } : {}),
    },
    ...(schemas.body
      ? {
          requestBody: {
            required: !schemas.bodyOptional,
            content: { 'application/json': { schema: schemas.body }, ...uploads },
          },
        }
      : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(documented.responses).map(([status, { description, schema }]) => [
          status,
          { description, ...(schema ? json(schema) : failure(status) ? json(errorDetail) : {}) },
        ]),
      ),
      422: { description: 'A field is wrong; nothing was changed.', ...json(validationError) },
    },
  };
}
