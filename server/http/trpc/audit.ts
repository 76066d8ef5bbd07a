// audit.*: translated to the service, nothing decided here.
import { z } from 'zod';
import { auditEntry, auditPlaceOf, auditQuery } from '../../finetuning/contract/audit.ts';
import { viewAuditEntry } from '../../finetuning/view.ts';
import { reading, router } from './base.ts';

export const audit = router({
  list: reading(auditQuery.prefault({}), 'admin')
    .meta({
      description:
        'What callers did to runs, keys, webhook endpoints, database connections and golden records, and who: newest first, a page at a time: pass the last id as `after`, until a page is empty. Needs the scope admin.',
    })
    .output(z.array(auditEntry))
    .query(async ({ ctx, input: { limit, after, ...filter } }) =>
      (await ctx.service.audit.list(filter, { limit, after: after ? auditPlaceOf(after) : undefined })).map(
        viewAuditEntry,
      ),
    ),
});
