// What a REST route is: its schemas, which the OpenAPI document is made from too, and the procedure it calls.
import type { z } from 'zod';
import type { ErrorCode } from '../../finetuning/errors.ts';
import type { FileReport } from '../../finetuning/golden-records/file/report.ts';
import type { Caller } from '../trpc/router.ts';

type Inferred<S> = S extends z.ZodType ? z.infer<S> : undefined;

export type RouteInput<P, Q, H, B> = {
  caller: Caller;
  params: Inferred<P>;
  query: Inferred<Q>;
  headers: Inferred<H>;
  body: Inferred<B>;
  /** Where the body was a file: how it was understood. */
  report: FileReport | null;
  /** The caller accepts `text/event-stream`. */
  wantsStream: boolean;
  /** The caller accepts `application/json`, and says so; of what is plain text otherwise. */
  wantsJson: boolean;
  /** The caller accepts `application/x-ndjson`. */
  wantsLines: boolean;
};

/** Without a name of its own, so that the `onmessage` of an EventSource gets it. */
export type ServerSentEvent = { id: string; data: unknown };

export type Answer =
  | { status?: 200 | 201 | 202; body: unknown; headers?: Record<string, string> }
  | { text: string; headers: Record<string, string> }
  | { stream: AsyncIterable<ServerSentEvent> }
  /** All of a list, a page at a time, however long. */
  | { lines: AsyncIterable<readonly unknown[]>; headers: Record<string, string> }
  /** 204: a reader of a stream that gets this does not come back. */
  | { ended: true };

export type Method = 'get' | 'post' | 'put' | 'delete';

export type Tag =
  | 'Finetunings'
  | 'Bulk cancels'
  | 'Golden records'
  | 'Database connections'
  | 'Webhooks'
  | 'Providers'
  | 'Keys'
  | 'Audit'
  | 'People'
  | 'Service';

/** By a short name. */
export type Examples<T = unknown> = Record<string, { summary: string; value: T }>;

/** The codes an operation can be refused with; another method is never a documented operation. */
export type Refusal = Exclude<ErrorCode, 'method_not_allowed' | 'unsupported_encoding'>;

export type Answered = {
  description: string;
  /** Left out: an answer without a body. */
  schema?: z.ZodType;
  examples?: Examples;
  headers?: z.ZodObject;
  /** What the answer is as `text/plain`, where the route gives that. */
  text?: Examples<string>;
  /** What a `text/event-stream` looks like, where the route gives one. */
  stream?: Examples<string>;
  /** What an `application/x-ndjson` looks like, where the route gives one. */
  lines?: Examples<string>;
};

export type Documented = {
  /** What a generated client calls it. */
  operationId: string;
  summary: string;
  description: string;
  tag: Tag;
  /** Status → what it means. */
  answers: Partial<Record<200 | 201 | 202 | 204, Answered>>;
  /** How it can be refused, beyond the ways that every route can be (rest/openapi/operation.ts). */
  errors: readonly Refusal[];
  /** Of the JSON body. */
  examples?: Examples;
  /** Where the body may be a file too. */
  upload?: Upload;
};

/** A body that is not JSON. */
export type Upload = {
  /** Names what a file cannot say itself. */
  query: z.ZodObject;
  content: Record<string, { schema: z.ZodType; examples: Examples }>;
};

/** Headers are named as people write them; how a request spells them does not matter. */
type Schemas<P, Q, H, B> = { params?: P; query?: Q; headers?: H; body?: B; bodyOptional?: boolean };

export type Route = {
  method: Method;
  path: string;
  schemas: Schemas<z.ZodObject, z.ZodObject, z.ZodObject, z.ZodType>;
  documented: Documented;
  /** The parts have been parsed by the schemas. */
  run: (input: {
    caller: Caller;
    params: unknown;
    query: unknown;
    headers: unknown;
    body: unknown;
    report: FileReport | null;
    wantsStream: boolean;
    wantsJson: boolean;
    wantsLines: boolean;
  }) => Promise<Answer>;
};

/** Ties the types of a route's schemas to its handler. */
export function route<
  P extends z.ZodObject | undefined = undefined,
  Q extends z.ZodObject | undefined = undefined,
  H extends z.ZodObject | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(
  method: Method,
  path: string,
  schemas: Schemas<P, Q, H, B>,
  documented: Documented,
  handle: (input: RouteInput<P, Q, H, B>) => Promise<Answer>,
): Route {
  return {
    method,
    path,
    schemas: {
      ...(schemas.params ? { params: schemas.params } : {}),
      ...(schemas.query ? { query: schemas.query } : {}),
      ...(schemas.headers ? { headers: schemas.headers } : {}),
      ...(schemas.body ? { body: schemas.body } : {}),
      bodyOptional: schemas.bodyOptional ?? false,
    },
    documented,
    run: ({ params, query, headers, body, ...rest }) =>
      handle({
        ...rest,
        // Parsed by these very schemas just before (rest/request.ts); the table cannot carry each route's own types.
        params: params as Inferred<P>,
        query: query as Inferred<Q>,
        headers: headers as Inferred<H>,
        body: body as Inferred<B>,
      }),
  };
}
