// What callers did, a page at a time: it stands with the events of runs.
import { z } from 'zod';
import * as shown from '../../drizzle/shown.ts';
import type { AuditStore } from '../finetuning/audit.ts';
import { auditStatement } from './audit-statement.ts';
import type { Database } from './database.ts';
import { runStatement } from './run-statement.ts';

const rows = z.array(
  z
    .object({
      finetuning_id: z.string(),
      version: z.number(),
      created_at: z.string().transform(shown.time),
      type: z.string(),
      message: z.string(),
      by: shown.actor,
    })
    .transform(({ finetuning_id, ...entry }) => ({
      ...entry,
      about: { kind: 'finetuning' as const, id: finetuning_id },
    })),
);

export const auditStore = (db: Database): AuditStore => ({
  async list(organization_id, filter, page) {
    const { statement, params } = auditStatement(organization_id, filter, page);
    return rows.parse(await runStatement(db, statement, params));
  },
});
