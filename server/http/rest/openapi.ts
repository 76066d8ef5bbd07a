// The OpenAPI 3.1 document, made from the route table and the schemas it parses requests with.
import { createDocument, type ZodOpenApiPathsObject } from 'zod-openapi';
import { operationOf } from './openapi/operation.ts';
import { webhooks } from './openapi/webhooks.ts';
import type { Method, Tag } from './route.ts';
import { routes } from './routes.ts';

const description = `Fine-tuning runs from golden records: started, followed, and stopped with certainty.

- Ids are 24 lowercase hex digits; times are ISO 8601 in UTC.
- A refused request answers \`{"detail": "…"}\`, one whose fields are wrong 422 with a list of them. A path that exists, but not with that method, answers 405 with \`Allow\`.
- Every text, list, map and whole number has a bound, which its schema tells. Of very many faults the first hundred are named, fewer where they are long to tell, and the others counted.
- A list is a bare array, newest first; a full page has a \`Link\` header with \`rel="next"\`. \`Link\` and \`Location\` are relative to the address of the request.
- A path with a slash at its end answers 307 to the one without.
- A body may be compressed (gzip, deflate, br, zstd), within the limit of 32 MB after unpacking; another \`Content-Encoding\` answers 415.
- Started without an API key, the server answers the machine it runs on only, and web pages served from it. With one, send it as \`Authorization: Bearer <key>\` or \`X-API-Key: <key>\`. A key may read, run and cancel as its scopes say. Where people sign in, so does a page of the server's own origin, or of \`ALLOWED_ORIGINS\`, by their cookie.
- \`/healthz\` and \`/readyz\` answer probes; the same API over tRPC, with types, is at \`/trpc\`.`;

const tags: Record<Tag, string> = {
  Finetunings: 'Runs: start them, follow them, stop them.',
  'Bulk cancels': 'Many runs stopped by one wish: what it would stop, how far it is, and what has become of each.',
  'Golden records': 'Verified pairs of a question and its SQL, which runs are trained on.',
  'Database connections': 'The databases that questions are asked about: dialect and schema text, no credentials.',
  Webhooks: 'Where changes of runs are told, signed as Standard Webhooks has it, and what came of each telling.',
  Providers: 'Who trains: what is configured, whether it answers, what it guarantees, and its models.',
  Keys: 'API keys of the organization, each with what it may do.',
  Audit: 'What callers did, with which key, and from where.',
  People: 'Who is in the organization, with which role, and who is invited; and who one is oneself.',
  Service: 'Whether the server is there.',
};

export function openApiDocument(version: string) {
  return createDocument(
    {
      openapi: '3.1.0',
      info: { title: 'goldtune', version, description, license: { name: 'MIT', identifier: 'MIT' } },
      servers: [
        { url: '.', description: 'The server this document comes from' },
        { url: 'http://127.0.0.1:8080', description: 'A server on this machine, started with its defaults' },
      ],
      tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
      // Without a key configured the local machine needs none.
      security: [{ apiKey: [] }, { apiKeyHeader: [] }, { session: [] }, {}],
      paths: paths(),
      webhooks,
      components: {
        securitySchemes: {
          apiKey: {
            type: 'http',
            scheme: 'bearer',
            description: 'A key of an organization, or that of the configuration.',
          },
          apiKeyHeader: {
            type: 'apiKey',
            in: 'header',
            name: 'X-API-Key',
            description: 'The same key, in a header of its own.',
          },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: '__Host-goldtune.session_token',
            description:
              'Of somebody who has signed in at `auth/sign-in`, where the server has a PUBLIC_URL; `goldtune.session_token` over plain HTTP on this machine. Pages of PUBLIC_URL and ALLOWED_ORIGINS alone are let in by it.',
          },
        },
      },
    },
    {
      // An answer may get fields later; clients must not be generated to refuse them.
      override: ({ jsonSchema, io }) => {
        if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      },
    },
  );
}

function paths(): ZodOpenApiPathsObject {
  const usualOrder: Method[] = ['get', 'post', 'put', 'delete'];
  const byMethod = routes.toSorted((a, b) => usualOrder.indexOf(a.method) - usualOrder.indexOf(b.method));
  // The paths stay in the order of the table.
  const found: ZodOpenApiPathsObject = Object.fromEntries(routes.map(({ path }) => [path, {}]));
  for (const route of byMethod) {
    found[route.path] = { ...found[route.path], [route.method]: operationOf(route) };
  }
  return found;
}
