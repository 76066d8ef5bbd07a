// A run with its provider calls, read by one statement and written by one: each is a moment of its own.
import { z } from 'zod';
import type { FinetuningStore } from '../finetuning/store.ts';
import type { AfterCommit } from './after-commit.ts';
import type { Database } from './database.ts';
import { trackedFromJson } from './finetuning-json.ts';
import { listed } from './finetuning-rows.ts';
import { runStatement, type Statement } from './run-statement.ts';
import { writtenBy } from './write-statement.ts';

const columns = Object.values(listed).map(({ name }) => `run."${name}"`);
/** For the answer, where they are few enough to cost nothing, as stored in bytes: it spares who asked another wait. */
const FEW_RECORDS = `CASE WHEN pg_column_size(run.golden_records) <= 4000 THEN to_json(run.golden_records) END`;

/** One snapshot of row and calls: a decision must not mix two moments. As JSON, which is read as a whole. */
const reading = (where: string, shown = columns) => `SELECT row_to_json(found) AS found FROM (
  SELECT ${shown.join(', ')}, (
    SELECT coalesce(json_agg(call ORDER BY call.attempt, call.opened_at, call.id), '[]')
    FROM provider_calls AS call WHERE call.finetuning_id = run.id
  ) AS calls
  FROM finetunings AS run WHERE ${where}
) AS found`;

/** I12: an id alone is never enough, but for the worker and the janitor, which serve every organization. */
const OF_ORGANIZATION = 'run.organization_id = $2 AND run.deleted_at IS NULL';
const FIND: Statement = {
  name: 'find',
  text: reading(`run.id = $1 AND ${OF_ORGANIZATION}`, [...columns, `${FEW_RECORDS} AS golden_records`]),
};
const FIND_MANY: Statement = { name: 'find_many', text: reading(`run.id = ANY ($1::text[]) AND ${OF_ORGANIZATION}`) };
const FIND_ANY: Statement = { name: 'find_any', text: reading('run.id = $1') };

const found = z.array(z.object({ found: z.unknown() }));

export async function findMany(db: Database, organization_id: string, ids: readonly string[]) {
  const rows = found.parse(await runStatement(db, FIND_MANY, [ids, organization_id]));
  return rows.map((row) => trackedFromJson(row.found));
}

export function trackedRuns(db: Database, tell: AfterCommit): Pick<FinetuningStore, 'find' | 'findAny' | 'save'> {
  const read = async (statement: Statement, params: unknown[]) => {
    const [row] = found.parse(await runStatement(db, statement, params));
    return row ? trackedFromJson(row.found) : null;
  };
  return {
    find: (organization_id, id) => read(FIND, [id, organization_id]),

    findAny: (id) => read(FIND_ANY, [id]),

    async save(before, transition, now, options) {
      const { statement, params, after } = writtenBy(before, transition, now);
      const rows = await runStatement(db, statement, params);
      // Compare-and-set lost: somebody else moved the row on. Nothing has been written.
      if (rows.length === 0) return null;
      if (transition.event) tell.news(before.id);
      if (options?.wake) tell.stop(before.id);
      return after;
    },
  };
}
