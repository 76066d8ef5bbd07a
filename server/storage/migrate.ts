// Brings the tables up to date: looks first, and makes only what is missing, so that rights are needed only for that.
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { type MigrationMeta, readMigrationFiles } from 'drizzle-orm/migrator';
import { z } from 'zod';
import type { Database } from './open-database.ts';

const migrationsFolder = fileURLToPath(new URL('../../drizzle/migrations', import.meta.url));

/** Each in the order of the journal, all or none. Drizzle's own migrator asks for the right to make schemas each time. */
export async function migrate(db: Database): Promise<void> {
  if (await isUpToDate(db)) return;
  await db.transaction(async (tx) => {
    if (await isMissing(tx, sql`to_regnamespace('drizzle')`)) await tx.execute(sql`CREATE SCHEMA drizzle`);
    if (await isMissing(tx, sql`to_regclass('drizzle.__drizzle_migrations')`)) {
      await tx.execute(
        sql`CREATE TABLE drizzle.__drizzle_migrations (id serial PRIMARY KEY, hash text NOT NULL, created_at bigint)`,
      );
    }
    for (const migration of await pending(tx)) {
      for (const statement of migration.sql) await tx.execute(sql.raw(statement));
      await tx.execute(
        sql`INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES (${migration.hash}, ${migration.folderMillis})`,
      );
    }
  });
}

export async function isUpToDate(db: Database): Promise<boolean> {
  if (await isMissing(db, sql`to_regclass('drizzle.__drizzle_migrations')`)) return false;
  return (await pending(db)).length === 0;
}

async function pending(db: Database): Promise<MigrationMeta[]> {
  const newest = await one(
    db,
    sql`(SELECT max(created_at) FROM drizzle.__drizzle_migrations)::text`,
    z.string().nullable(),
  );
  return readMigrationFiles({ migrationsFolder }).filter(
    (migration) => newest === null || migration.folderMillis > Number(newest),
  );
}

const isMissing = (db: Database, name: ReturnType<typeof sql>) => one(db, sql`${name} IS NULL`, z.boolean());

async function one<T>(db: Database, expression: ReturnType<typeof sql>, schema: z.ZodType<T>): Promise<T> {
  const answer = z.object({ rows: z.tuple([z.object({ one: schema })]) });
  return answer.parse(await db.execute(sql`SELECT ${expression} AS one`)).rows[0].one;
}
