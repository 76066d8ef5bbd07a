// keys.*: translated to the service, nothing decided here.
import { z } from 'zod';
import { objectId, pageQuery } from '../../finetuning/contract/fields.ts';
import { apiKey, createInput, madeKey, rotatedKey, rotateInput } from '../../finetuning/contract/keys.ts';
import { viewKey } from '../../finetuning/view.ts';
import { warned } from '../fields/warnings.ts';
import { changing, reading, router, stopping } from './base.ts';

const one = z.strictObject({ id: objectId });

export const keys = router({
  create: changing(createInput, 'admin')
    .meta({
      description:
        'Makes an API key of this organization. Its text is in this answer and nowhere else: a call whose answer was lost may have made a key that nobody has, which can be seen in the list and revoked. Needs the scope admin.',
    })
    .output(madeKey)
    .mutation(async ({ ctx, input }) =>
      viewKey(await ctx.service.keys.create({ ...input, expires_at: input.expires_at ?? null })),
    ),

  list: reading(pageQuery.prefault({}), 'admin')
    .meta({
      description:
        'Newest first, those that open nothing any more too, a page at a time: pass the last id as `after`, until a page is empty. Needs the scope admin.',
    })
    .output(z.array(apiKey))
    .query(async ({ ctx, input }) => (await ctx.service.keys.list(input)).map(viewKey)),

  rotate: changing(rotateInput.extend(one.shape), 'admin')
    .meta({
      description:
        'Makes a key that may do the same for as long, and lets the old one open beside it for `overlap_ms`. Its text is in this answer and nowhere else. Fails with invalid where the old one opens nothing any more, or was replaced before. Needs the scope admin.',
    })
    .output(rotatedKey)
    .mutation(async ({ ctx, input: { id, overlap_ms } }) => {
      const { made, replaced } = await ctx.service.keys.rotate(id, overlap_ms);
      return { ...viewKey(made), replaces: viewKey(replaced) };
    }),

  revoke: stopping(z.object(one.shape), 'admin')
    .meta({
      description:
        'From now on the key opens nothing; in another process of the server it may for five seconds more. Idempotent. Needs the scope admin.',
    })
    .output(apiKey.and(warned))
    .mutation(async ({ ctx, input }) => viewKey(await ctx.service.keys.revoke(input.id))),
});
