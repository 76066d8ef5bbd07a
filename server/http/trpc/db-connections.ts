// dbConnections.*: translated to the service, nothing decided here.
import { z } from 'zod';
import { createInput, dbConnection, updateInput } from '../../finetuning/contract/db-connections.ts';
import { objectId, pageQuery } from '../../finetuning/contract/fields.ts';
import { viewDbConnection } from '../../finetuning/view.ts';
import { warned } from '../fields/warnings.ts';
import { changing, reading, router, stopping } from './base.ts';

const one = z.strictObject({ id: objectId });

export const dbConnections = router({
  create: changing(createInput)
    .meta({
      description:
        'Adds a database connection: a name, a dialect and the schema text for the prompt. Takes no credentials.',
    })
    .output(dbConnection)
    .mutation(async ({ ctx, input }) => viewDbConnection(await ctx.service.dbConnections.create(input))),

  get: reading(one)
    .meta({ description: 'One database connection. Fails with not_found.' })
    .output(dbConnection)
    .query(async ({ ctx, input }) => viewDbConnection(await ctx.service.dbConnections.get(input.id))),

  list: reading(pageQuery.prefault({}))
    .meta({ description: 'Newest first, a page at a time: pass the last id as `after`, until a page is empty.' })
    .output(z.array(dbConnection))
    .query(async ({ ctx, input }) => (await ctx.service.dbConnections.list(input)).map(viewDbConnection)),

  update: changing(updateInput.extend(one.shape))
    .meta({ description: 'Changes what is given. Runs already created keep the schema they had.' })
    .output(dbConnection)
    .mutation(async ({ ctx, input: { id, ...input } }) =>
      viewDbConnection(await ctx.service.dbConnections.update(id, input)),
    ),

  delete: stopping(z.object(one.shape), 'run')
    .meta({
      description:
        'Deletes a database connection, its schema text included. Fails with in_use while a finetuning or a golden record of it is not deleted, and changes nothing.',
    })
    .output(warned.extend({ status: z.literal(true) }))
    .mutation(async ({ ctx, input }) => {
      await ctx.service.dbConnections.delete(input.id);
      return { status: true as const };
    }),
});
