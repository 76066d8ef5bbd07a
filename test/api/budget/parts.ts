// Every part of every request that can be made, over both transports, and how it is sent with something put into it.
import { z } from 'zod';
import type { Route } from '../../../server/http/rest/route.ts';
import { routes } from '../../../server/http/rest/routes.ts';
import { asForm } from '../../../server/http/rest/upload-schemas.ts';
import { appRouter } from '../../../server/http/trpc/router.ts';
import type { World } from '../../world.ts';
import { budgetOf } from './places.ts';

const UNKNOWN_ID = 'a'.repeat(24);
const CSV = 'prompt_text,sql\nHow many?,SELECT 1\n';

export type Field = { loc: (string | number)[]; type: string };
export type Told = { status: number; bytes: number; sent: number; fields: Field[] };
export type Part = {
  name: string;
  part: 'path' | 'query' | 'header' | 'body';
  schema: z.ZodType;
  /** @param change is given the part as it is sent otherwise. */
  send: (world: World, change: (usual: unknown) => unknown) => Promise<Told>;
};
/** What a request names, by the name of its field. */
export type Ids = Record<string, unknown>;
/** @param group the part of a path that says what it is about. */
export type IdsFor = (group: string, isGone: boolean) => Ids;

/** What there is in a world: each request gets as far as it can. What is to be deleted is not there. */
export async function idsIn(world: World): Promise<IdsFor> {
  const { connection } = await world.seed();
  const run = await world.trpc.finetunings.create.mutate({ db_connection_id: connection.id });
  // Whose records and schema no run is made of: they become too long for it.
  const other = await world.seed(1);
  const key = await world.trpc.keys.create.mutate({ name: 'there', scopes: ['read'] });
  const record = { id: other.records[0]?.id, db_connection_id: other.connection.id };
  const itself = { id: other.connection.id, db_connection_id: other.connection.id };
  const endpoint = await world.trpc.webhookEndpoints.create.mutate({ url: 'https://localhost:1/' });
  const ping = await world.trpc.webhookEndpoints.ping.mutate({ id: endpoint.id });
  const bulk = await world.trpc.finetunings.bulkCancel.mutate({ ids: [UNKNOWN_ID] });
  const byGroup: Record<string, Ids> = {
    'bulk-cancels': bulk,
    bulkCancels: bulk,
    'webhook-endpoints': endpoint,
    webhookEndpoints: endpoint,
    finetunings: { id: run.id, db_connection_id: connection.id },
    'golden-sqls': record,
    goldenRecords: record,
    'database-connections': itself,
    dbConnections: itself,
    keys: { id: key.id },
  };
  return (group, isGone) => {
    const { id, db_connection_id } = byGroup[group] ?? {};
    const named = isGone ? UNKNOWN_ID : id;
    return { id: named, finetuning_id: named, ids: [named], db_connection_id, delivery_id: ping.id };
  };
}

/** All that can be asked. A stream of a run that is there would not end. */
export const everything = (idsFor: IdsFor): Part[] => [
  ...routes.flatMap((route) => restParts(route, idsFor(route.path.split('/')[3] ?? '', route.method === 'delete'))),
  ...Object.entries(procedures).map(([path, { _def }]) =>
    call(path, definition.parse(_def), idsFor(path.split('.')[0] ?? '', /delete|remove|revoke|watch/.test(path))),
  ),
];

function restParts(route: Route, ids: Ids): Part[] {
  const { schemas, documented } = route;
  const query = schemas.query ?? documented.upload?.query;
  const usual = { path: least(schemas.params, ids), query: {}, header: {}, body: least(schemas.body, ids) };
  const method = route.method.toUpperCase();
  const name = `${method} ${route.path}`;
  const send = (world: World, parts: typeof usual) => {
    const path = route.path.replaceAll(/\{(\w+)\}/g, (_, id) => encodeURIComponent(Object(parts.path)[id]));
    return tell(
      world,
      method,
      `${path}?${new URLSearchParams(textsOf(parts.query))}`,
      parts.body,
      textsOf(parts.header),
    );
  };
  const found: (Part | null)[] = [
    schemas.params
      ? {
          name,
          part: 'path',
          schema: schemas.params,
          send: (world, change) => send(world, { ...usual, path: change(usual.path) }),
        }
      : null,
    query
      ? {
          name,
          part: 'query',
          schema: query,
          send: (world, change) => send(world, { ...usual, query: Object(change({})) }),
        }
      : null,
    schemas.headers
      ? {
          name,
          part: 'header',
          schema: schemas.headers,
          send: (world, change) => send(world, { ...usual, header: Object(change({})) }),
        }
      : null,
    schemas.body
      ? {
          name,
          part: 'body',
          schema: schemas.body,
          send: (world, change) => send(world, { ...usual, body: change(usual.body) }),
        }
      : null,
    documented.upload ? form(name, method, route.path, ids) : null,
  ];
  return found.filter((part) => part !== null);
}

/** But for its file, which is a body of its own, and as long as a body may be. */
const form = (name: string, method: string, path: string, ids: Ids): Part => ({
  name: `${name} as a form`,
  part: 'body',
  schema: asForm.omit({ file: true }),
  send: (world, change) => {
    const sent = new FormData();
    for (const [field, value] of Object.entries(textsOf(change({})))) sent.set(field, value);
    sent.set('file', new Blob([CSV]), 'records.csv');
    return tell(world, method, `${path}?db_connection_id=${ids['db_connection_id']}`, sent, {});
  },
});

export const definition = z.object({
  type: z.enum(['query', 'mutation', 'subscription']),
  inputs: z.tuple([z.object({ schema: z.instanceof(z.ZodType) })]),
});

export const procedures = z
  .record(
    z.string(),
    z.custom<{ _def: unknown }>((value) => typeof value === 'function'),
  )
  .parse(appRouter._def.procedures);

function call(path: string, { type, inputs: [{ schema }] }: z.infer<typeof definition>, ids: Ids): Part {
  const usual = least(schema, ids);
  return type === 'mutation'
    ? {
        name: path,
        part: 'body',
        schema,
        send: (world, change) => tell(world, 'POST', `/trpc/${path}`, change(usual), {}),
      }
    : {
        name: path,
        part: 'query',
        schema,
        send: (world, change) => {
          const input = encodeURIComponent(JSON.stringify(change(usual)));
          return tell(world, 'GET', `/trpc/${path}?input=${input}`, undefined, {});
        },
      };
}

/** No more than it must hold, about what there is. */
export const least = (schema: z.ZodType | undefined, ids: Ids): unknown => schema && named(budgetOf(schema).least, ids);

/** With the ids that there are, where it has such a field. */
function named(value: unknown, ids: Ids): unknown {
  if (Array.isArray(value)) return value.map((item) => named(item, ids));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, ids[name] ?? field]));
}

const textsOf = (values: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(Object(values)).map(([name, value]) => [name, String(value)]));

const field = z.object({ loc: z.array(z.union([z.string(), z.number()])), type: z.string() });
const failure = z.object({ error: z.object({ data: z.object({ httpStatus: z.number(), fields: z.array(field) }) }) });
const refusal = z.object({ detail: z.array(field) });

async function tell(
  world: World,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Told> {
  const text = body instanceof FormData ? body : JSON.stringify(body);
  const response = await fetch(`${world.app.url}${path}`, {
    method,
    headers: typeof text === 'string' ? { 'content-type': 'application/json', ...headers } : headers,
    ...(body === undefined ? {} : { body: text }),
  });
  const answer = await response.text();
  // A subscription is told of its failure by an event.
  const event = /^event: serialized-error\ndata: (.*)$/m.exec(answer)?.[1];
  const isJson = response.headers.get('content-type')?.includes('application/json') ?? false;
  const json: unknown = event ? { error: JSON.parse(event) } : isJson && answer !== '' ? JSON.parse(answer) : null;
  const { error } = failure.safeParse(json).data ?? {};
  return {
    status: event && error ? error.data.httpStatus : response.status,
    bytes: Buffer.byteLength(answer) + JSON.stringify([...response.headers]).length,
    sent: (typeof text === 'string' ? text.length : 0) + path.length + JSON.stringify(headers).length,
    fields: error?.data.fields ?? refusal.safeParse(json).data?.detail ?? [],
  };
}
