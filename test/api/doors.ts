// Every way into the API that there is: the routes of REST and the procedures of tRPC, each with a request that it takes.
import { z } from 'zod';
import { routes } from '../../server/http/rest/routes.ts';
import type { World } from '../world.ts';
import { definition, type Ids, least, procedures } from './budget/parts.ts';

export type Told = { status: number; reason: string | null; text: string };
export type Door = {
  /** `POST /api/v1/finetunings`, or `finetunings.create`. */
  name: string;
  /** The part of its path that says what it is about. */
  group: string;
  /** Whether its request names something that there is. */
  names: (ids: Ids) => boolean;
  knock: (world: World, ids: Ids, headers: Record<string, string>) => Promise<Told>;
};

const sent = (path: string, body: unknown, ids: Ids) =>
  Object.values(ids)
    .flat()
    .some((id) => typeof id === 'string' && `${path} ${JSON.stringify(body)}`.includes(id));

/** Where which are meant is said in one of several ways, no field has to be there: it is said by their ids. */
const inOneOfSeveralWays = new Set(['POST /api/v1/bulk-cancels', 'finetunings.bulkCancel']);
const leastOf = (name: string, schema: z.ZodType | undefined, ids: Ids): unknown =>
  inOneOfSeveralWays.has(name) ? { ids: ids['ids'] } : least(schema, ids);

const overRest: Door[] = routes.map(({ method, path, schemas }) => {
  const name = `${method.toUpperCase()} ${path}`;
  const request = (ids: Ids) => ({
    path: path.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(ids[name])),
    body: leastOf(name, schemas.body, ids),
  });
  return {
    name,
    group: path.split('/')[3] ?? '',
    names: (ids) => sent(request(ids).path, request(ids).body, ids),
    knock: (world, ids, headers) => {
      const { path, body } = request(ids);
      return tell(world, method.toUpperCase(), path, body, headers);
    },
  };
});

const overTrpc: Door[] = Object.entries(procedures).map(([path, { _def }]) => {
  const {
    type,
    inputs: [{ schema }],
  } = definition.parse(_def);
  return {
    name: path,
    group: path.split('.')[0] ?? '',
    names: (ids) => sent('', leastOf(path, schema, ids), ids),
    knock: (world, ids, headers) => {
      const input = leastOf(path, schema, ids);
      return type === 'mutation'
        ? tell(world, 'POST', `/trpc/${path}`, input, headers)
        : tell(world, 'GET', `/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`, undefined, headers);
    },
  };
});

export const doors: readonly Door[] = [...overRest, ...overTrpc];

const failure = z.object({ data: z.object({ httpStatus: z.number(), reason: z.string() }) });

async function tell(
  { app }: World,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Told> {
  const response = await fetch(`${app.url}${path}`, {
    method,
    headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  // A subscription is told of its failure by an event.
  const event = /^event: serialized-error\ndata: (.*)$/m.exec(text)?.[1];
  const isJson = response.headers.get('content-type')?.includes('application/json') ?? false;
  const error: unknown = event ? JSON.parse(event) : isJson && text !== '' ? Object(JSON.parse(text)).error : null;
  const { data } = failure.safeParse(error).data ?? {};
  return { status: data?.httpStatus ?? response.status, reason: data?.reason ?? null, text };
}
