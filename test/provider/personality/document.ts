// OpenAI's published API as what a reply is held against; where that document is not at hand, nothing is.
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const DOCUMENT = '../shared/reference/openai-fine-tuning.openapi.json';

const documented = z.object({ components: z.object({ schemas: z.record(z.string(), z.unknown()) }) });
const object = z.record(z.string(), z.unknown());

/** Why nothing is held against it; null where it is at hand. */
export const noDocumentHere = () => (existsSync(DOCUMENT) ? null : `there is no ${DOCUMENT}`);

const schemas = existsSync(DOCUMENT)
  ? documented.parse(JSON.parse(readFileSync(DOCUMENT, 'utf8'))).components.schemas
  : null;
const parsers = new Map<string, z.ZodType>();

/** What of a value is not as the schema of that name says. */
export function departuresFrom(name: string, value: unknown): string[] {
  if (schemas === null) return [];
  const parser = parsers.get(name) ?? parserOf(name, schemas);
  parsers.set(name, parser);
  const { error } = parser.safeParse(value);
  return error ? error.issues.map(({ path, message }) => `${name}.${path.join('.')}: ${message}`) : [];
}

function parserOf(name: string, all: Record<string, unknown>): z.ZodType {
  const $defs = Object.fromEntries(Object.entries(all).map(([key, schema]) => [key, asJsonSchema(schema)]));
  return z.fromJSONSchema({ $ref: `#/$defs/${name}`, $defs: object.parse($defs) } as z.core.JSONSchema.JSONSchema);
}

/** It mixes two versions of OpenAPI: what may be null is said in both ways. */
function asJsonSchema(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(asJsonSchema);
  const found = object.safeParse(node).data;
  if (!found) return node;
  const { nullable, $ref, discriminator: _, ...rest } = found;
  const own = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, asJsonSchema(value)]));
  const schema = typeof $ref === 'string' ? { ...own, $ref: $ref.replace('#/components/schemas/', '#/$defs/') } : own;
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : schema;
}

/** Of a path of the API, what a reply with 200 has. */
export function replySchema(method: string, path: string): string | null {
  const [, kind, , job, part] = path.split('/');
  if (kind === 'files') {
    if (method === 'DELETE') return 'DeleteFileResponse';
    return method === 'GET' && path === '/files'
      ? 'ListFilesResponse'
      : path.endsWith('/content')
        ? null
        : 'OpenAIFile';
  }
  if (part === 'events') return 'ListFineTuningJobEventsResponse';
  return method === 'GET' && job === undefined ? 'ListPaginatedFineTuningJobsResponse' : 'FineTuningJob';
}
