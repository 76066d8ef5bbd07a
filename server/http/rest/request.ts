// Reading a REST request: its parts are parsed by the route's schemas before anything else sees them.
import type { z } from 'zod';
import { type FieldError, invalid, invalidFields } from '../../finetuning/errors.ts';
import { fieldErrors } from '../field-errors.ts';
import type { Route } from './route.ts';
import { readUpload } from './upload.ts';

/** @throws DomainError `invalid` with every field that was not met, in all parts of the request. */
export async function readRequest(route: Route, request: Request, rawParams: Record<string, string>) {
  const errors: FieldError[] = [];
  const parse = (schema: z.ZodType | undefined, value: unknown, part: string) => {
    if (!schema) return undefined;
    const parsed = schema.safeParse(value);
    if (!parsed.success) errors.push(...fieldErrors(parsed.error, [part]));
    return parsed.data;
  };
  const { schemas } = route;
  const query = Object.fromEntries(new URL(request.url).searchParams);
  const uploaded = route.documented.upload ? await readUpload(request) : null;
  const read = {
    params: parse(schemas.params, rawParams, 'path'),
    query: parse(schemas.query, query, 'query'),
    headers: parse(schemas.headers, schemas.headers && headersOf(schemas.headers, request), 'header'),
    body: parse(schemas.body, schemas.body && (uploaded ? uploaded.records : await readBody(route, request)), 'body'),
    /** Of a body that was a file: how it was understood. */
    report: uploaded?.report ?? null,
  };
  if (errors.length > 0) throw invalidFields(errors.map(asSpelt));
  return read;
}

/** Those that the schema names; an empty one says nothing. */
const headersOf = ({ shape }: z.ZodObject, { headers }: Request) =>
  Object.fromEntries(
    Object.keys(shape).flatMap((name) => {
      const value = headers.get(name);
      return value === null || value === '' ? [] : [[name, value]];
    }),
  );

/** A header is named in lower case, as FastAPI does. */
const asSpelt = (error: FieldError): FieldError =>
  error.loc[0] === 'header' ? { ...error, loc: error.loc.map((part) => String(part).toLowerCase()) } : error;

async function readBody(route: Route, request: Request): Promise<unknown> {
  const raw = textOf(await request.arrayBuffer());
  // Whatever the content type says: the published clients' examples leave it out or get it wrong.
  if (raw.trim() === '') return route.schemas.bodyOptional ? {} : missing();
  const parsed = parseJson(raw);
  return parsed === null && route.schemas.bodyOptional ? {} : parsed;
}

/** Bytes of another encoding would otherwise be stored as U+FFFD, and nobody told. */
function textOf(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalid(['body'], 'the body is not UTF-8 text; encode the JSON as UTF-8', 'json_invalid');
  }
}

function missing(): never {
  throw invalidFields([{ loc: ['body'], msg: 'Field required', type: 'missing' }]);
}

function parseJson(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch (error) {
    const msg = `JSON decode error: ${error instanceof Error ? error.message : String(error)}`;
    throw invalidFields([{ loc: ['body'], msg, type: 'json_invalid' }]);
  }
}
