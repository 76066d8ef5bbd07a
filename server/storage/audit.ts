// What callers did, a page at a time: it stands with the events of runs, and in entries of its own.
import { z } from 'zod';
import * as shown from '../../drizzle/shown.ts';
import type { AuditStore } from '../finetuning/audit.ts';
import { auditStatement } from './audit-statement.ts';
import type { Database } from './database.ts';
import { runStatement } from './run-statement.ts';

const rows = z.array(
  z
    .object({
      of: z.string(),
      version: z.number(),
      created_at: z.string().transform(shown.time),
      about_kind: z.string(),
      about_id: z.string(),
      type: z.string(),
      message: z.string(),
      by: shown.actor,
    })
    .transform(({ about_kind, about_id, ...entry }) => ({ ...entry, about: { kind: about_kind, id: about_id } })),
);

export const auditStore = (db: Database): AuditStore => ({
  async list(organization_id, filter, page) {
    const { statement, params } = auditStatement(organization_id, filter, page);
    return rows.parse(await runStatement(db, statement, params));
  },
});
