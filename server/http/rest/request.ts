// Reading a REST request: its parts are parsed by the route's schemas before anything else sees them.
import { z } from 'zod';
import { type FieldError, invalid, invalidFields } from '../../finetuning/errors.ts';
import { parseInTurns } from '../fields/json-in-turns.ts';
import { NOT_UTF8 } from '../fields/not-utf8.ts';
import { readFields } from '../fields/read.ts';
import { unmet } from '../fields/unmet.ts';
import { heeded, ignoredIn } from '../fields/warnings.ts';
import type { Route } from './route.ts';
import { readUpload } from './upload.ts';

/**
 * The query of a route that knows none. What starts or changes something is not to be told otherwise without heeding
 * it; a stop is carried out whatever else was sent; a reader without parameters has nothing that it could do otherwise.
 */
function noQuery({ method, path }: Route): z.ZodObject | null {
  if (method === 'get') return null;
  return method === 'delete' || path.endsWith('/cancel') ? z.object({}) : z.strictObject({});
}

/** @throws DomainError `invalid` with every field that was not met, in all parts of the request. */
export async function readRequest(route: Route, request: Request, rawParams: Record<string, string>) {
  const { schemas, documented } = route;
  const errors: FieldError[] = [];
  /** What was ignored, for the answer to tell. */
  const warnings: string[] = [];
  const parse = async (schema: z.ZodType | null | undefined, value: unknown, part: string) => {
    if (!schema) return undefined;
    const read = await readFields(schema, value, [part]);
    if (!read.ok) {
      errors.push(...read.errors);
      return undefined;
    }
    warnings.push(...ignoredIn(schema, value));
    return heeded(schema, read.value);
  };
  const query = Object.fromEntries(new URL(request.url).searchParams);
  const head = {
    params: await parse(schemas.params, rawParams, 'path'),
    query: await parse(schemas.query ?? documented.upload?.query ?? noQuery(route), query, 'query'),
    headers: await parse(schemas.headers, schemas.headers && headersOf(schemas.headers, request), 'header'),
  };
  // A file is not read for nothing.
  if (documented.upload && errors.length > 0) throw unmet(errors);
  const uploaded = documented.upload ? await readUpload(request) : null;
  const body = uploaded ? uploaded.records : await readBody(route, request);
  const read = {
    ...head,
    body: await parse(schemas.body, body, 'body'),
    /** Of a body that was a file: how it was understood. */
    report: uploaded?.report ?? null,
    warnings,
  };
  if (route.method === 'delete') warnings.push(...(await ignoredBody(request)));
  if (errors.length > 0) throw unmet(errors.map(asSpelt));
  return read;
}

/** Those that the schema names. Whether an empty one says nothing, or is a variable that was not set, it knows. */
const headersOf = ({ shape }: z.ZodObject, { headers }: Request) =>
  Object.fromEntries(
    Object.keys(shape).flatMap((name) => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );

/** A header is named in lower case, as FastAPI does. */
const asSpelt = (error: FieldError): FieldError =>
  error.loc[0] === 'header' ? { ...error, loc: error.loc.map((part) => String(part).toLowerCase()) } : error;

/** A delete has no body to read. One that came all the same may have been meant to say something. */
async function ignoredBody(request: Request): Promise<string[]> {
  const raw = (await request.text()).trim();
  if (raw === '') return [];
  try {
    const fields = ignoredIn(z.object({}), JSON.parse(raw));
    return fields.length > 0 ? fields : ['The body was ignored.'];
  } catch {
    return ['The body was ignored.'];
  }
}

async function readBody(route: Route, request: Request): Promise<unknown> {
  if (!route.schemas.body) return undefined;
  const raw = textOf(await request.arrayBuffer());
  // Whatever the content type says: the published clients' examples leave it out or get it wrong.
  if (raw.trim() === '') return route.schemas.bodyOptional ? {} : missing();
  const parsed = await parseJson(raw);
  return parsed === null && route.schemas.bodyOptional ? {} : parsed;
}

function textOf(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalid(['body'], NOT_UTF8, 'json_invalid');
  }
}

function missing(): never {
  throw invalidFields([{ loc: ['body'], msg: 'Field required', type: 'missing' }]);
}

async function parseJson(raw: string): Promise<unknown> {
  try {
    return await parseInTurns(raw);
  } catch (error) {
    const msg = `JSON decode error: ${error instanceof Error ? error.message : String(error)}`;
    throw invalidFields([{ loc: ['body'], msg, type: 'json_invalid' }]);
  }
}
