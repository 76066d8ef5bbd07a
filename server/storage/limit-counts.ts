// The sums of what all processes have counted: one statement adds to them, and reads them.
import { gt, lte, or, sql } from 'drizzle-orm';
import { limitCounts } from '../../drizzle/schema.ts';
import type { CountStore } from '../access/count-store.ts';
import type { Database } from './database.ts';

export const countStore = (db: Database): CountStore => ({
  async add(minute, counts) {
    const rows = [...counts].map(([counted, calls]) => ({ counted, minute, calls }));
    // In one order everywhere: so no two processes wait for each other.
    rows.sort((one, other) => (one.counted < other.counted ? -1 : 1));
    const before = sql`case when ${limitCounts.minute} = excluded.minute then ${limitCounts.calls} else 0 end`;
    const sums = await db
      .insert(limitCounts)
      .values(rows)
      .onConflictDoUpdate({
        target: limitCounts.counted,
        set: { minute, calls: sql`${before} + excluded.calls` },
        // What is of a minute far ahead was counted before the clock was set back.
        setWhere: or(lte(limitCounts.minute, minute), gt(limitCounts.minute, minute + 1)),
      })
      .returning({ counted: limitCounts.counted, calls: limitCounts.calls });
    return new Map(sums.map(({ counted, calls }) => [counted, calls]));
  },
});
