// What a stop asks of the database: on connections that stops have for themselves, each for as long as there is time.
import { z } from 'zod';
import type { StopStore } from '../finetuning/store.ts';
import type { AfterCommit } from './after-commit.ts';
import type { Lend } from './database.ts';
import { runStatement } from './run-statement.ts';
import { findMany, trackedRuns } from './tracked-runs.ts';
import { writtenTogether } from './write-together.ts';

/** Of one tiny statement. So one connection that nothing comes through any more does not use up a long wait. */
const LONGEST_MS = 5000;

const ids = z.array(z.object({ id: z.string() }));

export function stopStore(lend: Lend, tell: AfterCommit, by: number): StopStore {
  const within = () => Math.min(by, performance.now() + LONGEST_MS);
  return {
    find: (...given) => lend(within(), 'reads', (db) => trackedRuns(db, tell).find(...given)),
    findAny: (...given) => lend(within(), 'reads', (db) => trackedRuns(db, tell).findAny(...given)),
    findMany: (...given) => lend(within(), 'reads', (db) => findMany(db, ...given)),
    save: (...given) => lend(within(), 'writes', (db) => trackedRuns(db, tell).save(...given)),
    async *saveMany(changes, now) {
      const toWake = new Set(changes.flatMap(({ before, wake }) => (wake ? before.id : [])));
      for (const { statement, params, after } of writtenTogether(changes, now)) {
        const rows = await lend(within(), 'writes', (db) => runStatement(db, statement, params));
        for (const { id } of ids.parse(rows)) {
          const run = after.get(id);
          if (!run) continue;
          tell.news(id);
          if (toWake.has(id)) tell.stop(id);
          yield run;
        }
      }
    },
  };
}
