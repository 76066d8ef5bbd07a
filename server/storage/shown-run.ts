// A run as it is shown: its row and the ids of its records, by one statement.
import { z } from 'zod';
import type { FinetuningStore } from '../finetuning/store.ts';
import type { Database } from './database.ts';
import { finetuningFromColumns } from './finetuning-json.ts';
import { listed } from './finetuning-rows.ts';
import { runStatement, type Statement } from './run-statement.ts';

const columns = Object.values(listed).map(({ name }) => `"${name}"`);

/** I12. The ids as JSON, which is read ten times as fast as an array of Postgres. */
const SHOW: Statement = {
  name: 'show',
  text: `SELECT ${columns.join(', ')}, to_json(golden_records) AS golden_records
    FROM finetunings WHERE id = $1 AND organization_id = $2 AND deleted_at IS NULL`,
};

const rows = z.array(z.looseObject({ golden_records: z.array(z.string()) }));

export const shownRun = (db: Database): Pick<FinetuningStore, 'show'> => ({
  async show(organization_id, id) {
    const [row] = rows.parse(await runStatement(db, SHOW, [id, organization_id]));
    return row ? { ...finetuningFromColumns(row), golden_records: row.golden_records } : null;
  },
});
