// Database connections: alias, dialect and the schema text for the prompt.
import { and, desc, eq, lt } from 'drizzle-orm';
import { dbConnections } from '../../drizzle/schema.ts';
import type { DbConnectionStore } from '../finetuning/store.ts';
import type { Database } from './database.ts';

export function dbConnectionStore(db: Database): DbConnectionStore {
  const one = (organization_id: string, id: string) =>
    and(eq(dbConnections.id, id), eq(dbConnections.organization_id, organization_id));

  return {
    async insert(connection) {
      await db.insert(dbConnections).values(connection);
    },

    async find(organization_id, id) {
      const [row] = await db.select().from(dbConnections).where(one(organization_id, id));
      return row ?? null;
    },

    list: (organization_id, page) =>
      db
        .select()
        .from(dbConnections)
        .where(
          and(
            eq(dbConnections.organization_id, organization_id),
            page.after ? lt(dbConnections.id, page.after) : undefined,
          ),
        )
        .orderBy(desc(dbConnections.id))
        .limit(page.limit),

    async update(organization_id, id, changes, now) {
      const [row] = await db
        .update(dbConnections)
        .set({ ...changes, updated_at: now })
        .where(one(organization_id, id))
        .returning();
      return row ?? null;
    },
  };
}
