// Where the sandbox keeps its ledger on a database that several processes share: documents in the order they came.
// It is a provider's: written in transactions of its own, and read by nobody but the sandbox.
import { and, asc, desc, eq, gt, inArray, lt, sql } from 'drizzle-orm';
import { finetunings, sandboxEntries, sandboxLedgers } from '../../drizzle/schema.ts';
import type { Database } from './database.ts';
import { translated } from './unavailable.ts';

type Kind = 'file' | 'job';
type Span = { after: string | null; limit: number; ascending?: boolean };
type Document = Record<string, unknown>;

const documentsIn = (db: Database) => {
  const is = (kind: Kind, id: string) => and(eq(sandboxEntries.id, id), eq(sandboxEntries.kind, kind));
  return {
    async find(kind: Kind, id: string): Promise<Document | null> {
      const [row] = await db.select({ document: sandboxEntries.document }).from(sandboxEntries).where(is(kind, id));
      return row?.document ?? null;
    },
    /** What follows an entry, one that was removed too, or all from the newest on. Null where there is none of that id. */
    async list(kind: Kind, { after, limit, ascending = false }: Span): Promise<Document[] | null> {
      const { position } = sandboxEntries;
      const [last] =
        after === null
          ? []
          : await db
              .select({ position })
              .from(sandboxEntries)
              .where(and(eq(sandboxEntries.id, after), inArray(sandboxEntries.kind, [kind, 'removed'])));
      if (after !== null && last === undefined) return null;
      const follows = ascending ? gt : lt;
      const rows = await db
        .select({ document: sandboxEntries.document })
        .from(sandboxEntries)
        .where(and(eq(sandboxEntries.kind, kind), last && follows(position, last.position)))
        .orderBy(ascending ? asc(position) : desc(position))
        .limit(limit);
      return rows.map((row) => row.document);
    },
    async jobsOn(fileId: string): Promise<Document[]> {
      const isOnFile = sql`${sandboxEntries.document} ->> 'training_file' = ${fileId}`;
      const rows = await db
        .select({ document: sandboxEntries.document })
        .from(sandboxEntries)
        .where(and(eq(sandboxEntries.kind, 'job'), isOnFile));
      return rows.map((row) => row.document);
    },
    async content(id: string): Promise<Uint8Array | null> {
      const [row] = await db.select({ content: sandboxEntries.content }).from(sandboxEntries).where(is('file', id));
      return row?.content ?? null;
    },
    async add(kind: Kind, id: string, document: Document, content: Uint8Array | null = null): Promise<void> {
      await db.insert(sandboxEntries).values({ id, kind, document, content });
    },
    async replace(kind: Kind, id: string, document: Document): Promise<void> {
      await db.update(sandboxEntries).set({ document }).where(is(kind, id));
    },
    async remove(kind: Kind, id: string): Promise<boolean> {
      const removed = await db
        .update(sandboxEntries)
        .set({ kind: 'removed', document: {}, content: null })
        .where(is(kind, id))
        .returning({ id: sandboxEntries.id });
      return removed.length > 0;
    },
  };
};

type Documents = ReturnType<typeof documentsIn>;

/** Each method rejects with DomainError `unavailable` where the database cannot do it just now. */
export const sandboxShelf = (db: Database) => translated(untranslated(db));

const untranslated = (db: Database) => ({
  ...documentsIn(db),
  /** The id of the ledger, for as long as the database lives. Whoever comes first gives it, and what it begins with. */
  begin: (id: string, fill: (inside: Documents) => Promise<void>) =>
    db.transaction(async (tx) => {
      const begun = await tx.insert(sandboxLedgers).values({ place: 1, id }).onConflictDoNothing().returning();
      if (begun.length > 0) await fill(documentsIn(tx));
      const [ledger] = await tx.select({ id: sandboxLedgers.id }).from(sandboxLedgers);
      return ledger?.id ?? id;
    }),
  /** Alone among all who change it: what is read inside stays as it is until the work is done, all of it or nothing. */
  exclusively: <T>(work: (inside: Documents) => Promise<T>) =>
    db.transaction(async (tx) => {
      await tx.select({ id: sandboxLedgers.id }).from(sandboxLedgers).for('update');
      return work(documentsIn(tx));
    }),
});

/** Whether runs of this database were started at that ledger. */
export async function hasRunsAt(db: Database, provider_ledger: string): Promise<boolean> {
  const found = await db
    .select({ id: finetunings.id })
    .from(finetunings)
    .where(eq(finetunings.provider_ledger, provider_ledger))
    .limit(1);
  return found.length > 0;
}
