// Finetunings, many at once, or one with all that is shown of it: a page of a list, and those that the janitor asks for.
import { desc, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { finetunings } from '../../drizzle/schema.ts';
import { DomainError } from '../finetuning/errors.ts';
import type { Finetuning } from '../finetuning/record.ts';
import type { FinetuningStore, Readable } from '../finetuning/store.ts';
import type { Database } from './database.ts';
import { finetuningFromColumns } from './finetuning-json.ts';
import { finetuningFromRow, listed } from './finetuning-rows.ts';
import { listStatement } from './list-statement.ts';
import { runStatement } from './run-statement.ts';
import { shownRun } from './shown-run.ts';

type Columns = Record<string, unknown> & { id: string };
const isRow = (row: unknown) => typeof row === 'object' && row !== null && 'id' in row && typeof row.id === 'string';
/** Not copied: a page of a thousand has some forty thousand columns. */
const rows = z.array(z.custom<Columns>(isRow));

export function finetuningLists(db: Database): Pick<FinetuningStore, 'show' | 'list' | 'owners'> {
  return {
    ...shownRun(db),

    async list(organization_id, filter, page) {
      const unreadable: string[] = [];
      for (let after = page.after; ; ) {
        const { statement, params } = listStatement(organization_id, filter, { limit: page.limit, after });
        const found = rows.parse(await runStatement(db, statement, params));
        const read = readableOf(found, finetuningFromColumns);
        unreadable.push(...read.unreadable);
        // Nothing found says that there are no more: what cannot be read is passed over.
        if (read.found.length > 0 || found.length === 0) return { found: read.found, unreadable };
        after = found.at(-1)?.id;
      }
    },

    async owners(ids) {
      if (ids.length === 0) return { found: [], unreadable: [] };
      const found = await db
        .select(listed)
        .from(finetunings)
        .where(inArray(finetunings.id, [...ids]))
        .orderBy(desc(finetunings.id));
      return readableOf(found, finetuningFromRow);
    },
  };
}

/** What can be read of them, each for itself. */
function readableOf<R extends { id: string }>(found: readonly R[], reading: (row: R) => Finetuning) {
  const read: Readable<Finetuning> = { found: [], unreadable: [] };
  for (const row of found) {
    try {
      read.found.push(reading(row));
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      read.unreadable.push(row.id);
    }
  }
  return read;
}
