// dbConnections.*: translated to the service, nothing decided here.
import { z } from 'zod';
import { createInput, dbConnection, updateInput } from '../../finetuning/contract/db-connections.ts';
import { objectId, pageQuery } from '../../finetuning/contract/fields.ts';
import { viewDbConnection } from '../../finetuning/view.ts';
import { procedure, router } from './base.ts';

const one = z.object({ id: objectId });

export const dbConnections = router({
  create: procedure
    .input(createInput)
    .output(dbConnection)
    .mutation(async ({ ctx, input }) => viewDbConnection(await ctx.service.dbConnections.create(input))),

  get: procedure
    .input(one)
    .output(dbConnection)
    .query(async ({ ctx, input }) => viewDbConnection(await ctx.service.dbConnections.get(input.id))),

  list: procedure
    .input(pageQuery.prefault({}))
    .output(z.array(dbConnection))
    .query(async ({ ctx, input }) => (await ctx.service.dbConnections.list(input)).map(viewDbConnection)),

  update: procedure
    .input(updateInput.extend(one.shape))
    .output(dbConnection)
    .mutation(async ({ ctx, input: { id, ...input } }) =>
      viewDbConnection(await ctx.service.dbConnections.update(id, input)),
    ),
});
