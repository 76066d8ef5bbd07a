// Database connections: alias, dialect, schema text. No credentials are taken.
import { z } from 'zod';
import { dbConnection } from '../../finetuning/contract/db-connections.ts';
import { dbConnectionId, givenId, pageQuery } from '../../finetuning/contract/fields.ts';
import { warned } from '../fields/warnings.ts';
import { restCreateInput, restUpdateInput } from './db-connection-schemas.ts';
import { done, isDone } from './done.ts';
import { changed, connection, connectionPage, examplesOfAdd, examplesOfChange } from './examples/db-connections.ts';
import { knownForm } from './known-form.ts';
import { locationHeader, locationOf } from './location.ts';
import { linkHeader, nextLink } from './paging.ts';
import { type Route, route } from './route.ts';

const BASE = '/api/v1/database-connections';
const byId = z.object({ id: givenId(dbConnectionId) });
const changedConnection = dbConnection.and(warned);
const tag = 'Database connections' as const;

export const dbConnectionRoutes: Route[] = [
  route(
    'post',
    BASE,
    { body: restCreateInput },
    {
      operationId: 'createDbConnection',
      summary: 'Add a database connection',
      description:
        'A name, a dialect, and the schema text that goes into the prompt. No credentials are taken: what clients of the original service send of them is ignored, and named in `warnings`.',
      tag,
      examples: examplesOfAdd,
      answers: {
        201: { description: 'Stored.', schema: changedConnection, examples: { connection }, headers: locationHeader },
      },
      errors: [],
    },
    async ({ caller, body }) => {
      const created = await caller.dbConnections.create(body);
      return { status: 201, body: created, headers: locationOf(BASE, created) };
    },
  ),

  route(
    'get',
    BASE,
    { query: pageQuery },
    {
      operationId: 'listDbConnections',
      summary: 'List database connections, newest first',
      description: 'A page holds about 1 MB and may be shorter than `limit`: where there is more, `Link` leads to it.',
      tag,
      answers: {
        200: {
          description: 'A page.',
          schema: z.array(dbConnection),
          examples: { page: connectionPage },
          headers: linkHeader,
        },
      },
      errors: [],
    },
    async ({ caller, query }) => {
      const found = await caller.dbConnections.list(query);
      return { body: found, headers: await nextLink(query, found, caller.dbConnections.list) };
    },
  ),

  route(
    'get',
    `${BASE}/{id}`,
    { params: byId },
    {
      operationId: 'getDbConnection',
      summary: 'Show a database connection',
      description: 'With the schema text that new runs are trained with.',
      tag,
      answers: { 200: { description: 'The connection.', schema: dbConnection, examples: { connection } } },
      errors: ['not_found'],
    },
    async ({ caller, params }) => ({
      body: await caller.dbConnections.get({ id: knownForm('Database connection', params.id) }),
    }),
  ),

  route(
    'put',
    `${BASE}/{id}`,
    { params: byId, body: restUpdateInput },
    {
      operationId: 'updateDbConnection',
      summary: 'Change a database connection',
      description: 'What is left out stays. Runs already created keep the schema they had.',
      tag,
      examples: examplesOfChange,
      answers: {
        200: { description: 'The connection as it is now.', schema: changedConnection, examples: { changed } },
      },
      errors: ['not_found'],
    },
    async ({ caller, params, body }) => ({
      body: await caller.dbConnections.update({ ...body, id: knownForm('Database connection', params.id) }),
    }),
  ),

  route(
    'delete',
    `${BASE}/{id}`,
    { params: byId },
    {
      operationId: 'deleteDbConnection',
      summary: 'Delete a database connection',
      description:
        'Refused, and nothing is changed, while a finetuning or a golden record of it is not deleted. Its schema text is removed with it. Records and finetunings that were deleted before go on naming its id.',
      tag,
      answers: { 200: { description: 'Deleted.', schema: isDone, examples: { done } } },
      errors: ['in_use', 'not_found'],
    },
    async ({ caller, params }) => ({
      body: await caller.dbConnections.delete({ id: knownForm('Database connection', params.id) }),
    }),
  ),
];
