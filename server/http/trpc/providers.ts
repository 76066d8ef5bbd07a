// providers.*: translated to the service, nothing decided here.
import { z } from 'zod';
import { provider } from '../../finetuning/contract/providers.ts';
import { reading, router } from './base.ts';

export const providers = router({
  list: reading(z.strictObject({}).prefault({}))
    .meta({
      description:
        'The providers that are configured, the standard one first: whether each answers, what it guarantees, and its models.',
    })
    .output(z.array(provider))
    .query(({ ctx }) => ctx.service.providers.list()),
});
