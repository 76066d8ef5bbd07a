// Database connections: alias, dialect, schema text. No credentials are taken.
import { z } from 'zod';
import { createInput, dbConnection, updateInput } from '../../finetuning/contract/db-connections.ts';
import { objectId, pageQuery, text } from '../../finetuning/contract/fields.ts';
import { notFound } from '../../finetuning/errors.ts';
import { nextLink } from './paging.ts';
import { type Route, route } from './route.ts';

const BASE = '/api/v1/database-connections';
const byId = z.object({ id: text.meta({ description: 'Id of the database connection.' }) });
const tag = 'Database connections' as const;
const ok = { 200: { description: 'The connection.', schema: dbConnection } };
const notThere = { 404: { description: 'There is no such database connection.' } };

export const dbConnectionRoutes: Route[] = [
  route(
    'post',
    BASE,
    { body: createInput },
    { summary: 'Add a database connection', tag, responses: { 201: { description: 'Stored.', schema: dbConnection } } },
    async ({ caller, body }) => {
      const created = await caller.dbConnections.create(body);
      return { status: 201, body: created, headers: { location: `${BASE}/${created.id}` } };
    },
  ),

  route(
    'get',
    BASE,
    { query: pageQuery },
    {
      summary: 'List database connections, newest first',
      tag,
      responses: { 200: { description: 'A page.', schema: z.array(dbConnection) } },
    },
    async ({ caller, query }) => {
      const found = await caller.dbConnections.list(query);
      return { body: found, headers: nextLink(BASE, query, found, query.limit) };
    },
  ),

  route(
    'get',
    `${BASE}/{id}`,
    { params: byId },
    { summary: 'Show a database connection', tag, responses: { ...ok, ...notThere } },
    async ({ caller, params }) => ({ body: await caller.dbConnections.get({ id: knownForm(params.id) }) }),
  ),

  route(
    'put',
    `${BASE}/{id}`,
    { params: byId, body: updateInput },
    { summary: 'Change a database connection', tag, responses: { ...ok, ...notThere } },
    async ({ caller, params, body }) => ({
      body: await caller.dbConnections.update({ ...body, id: knownForm(params.id) }),
    }),
  ),
];

/** An id of another form cannot exist. */
function knownForm(id: string): string {
  if (!objectId.safeParse(id).success) throw notFound('Database connection', id);
  return id;
}
