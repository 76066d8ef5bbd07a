// What a page of a list costs at the least: one prepared statement that reads its rows, which are sent as JSON.
import { Pool } from 'pg';
import { statuses } from '../../server/finetuning/lifecycle/state.ts';
import { LISTED, ORGANIZATION } from './columns.ts';
import { serve } from './serve.ts';

const [connectionString = ''] = process.argv.slice(2);
const pool = new Pool({ connectionString, max: 10 });

const filters = { model: 'model_name', db_connection_id: 'db_connection_id' };
const MATCHING = 'organization_id = $1 AND deleted_at IS NULL';
/** Beyond all ids. */
const NEWEST = 'g';

/** Along the primary key. */
const UNFILTERED = `SELECT ${LISTED} FROM finetunings WHERE ${MATCHING} AND id < $2 ORDER BY id DESC LIMIT 100`;

/** From the index that has these filters, whose next part is the status. */
const filtered = (conditions: readonly string[]) => `
  SELECT ${LISTED} FROM finetunings WHERE id IN (
    SELECT newest.id FROM unnest($3::text[]) AS its (status), LATERAL (
      SELECT id FROM finetunings
      WHERE ${[MATCHING, 'status = its.status', ...conditions].join(' AND ')} AND id COLLATE "C" < $2
      ORDER BY id COLLATE "C" DESC LIMIT 100
    ) AS newest ORDER BY newest.id COLLATE "C" DESC LIMIT 100
  ) ORDER BY id DESC`;

serve(async ({ searchParams }) => {
  const wanted = Object.entries(filters).filter(([name]) => searchParams.has(name));
  const status = searchParams.get('status');
  const page = [ORGANIZATION, searchParams.get('after') ?? NEWEST];
  if (wanted.length === 0 && status === null) {
    return (await pool.query({ name: 'list', text: UNFILTERED, values: page })).rows;
  }
  const conditions = wanted.map(([, column], index) => `${column} = $${index + 4}`);
  const { rows } = await pool.query({
    name: `list by ${wanted.map(([name]) => name).join(' and ')}`,
    text: filtered(conditions),
    values: [...page, status === null ? statuses : [status], ...wanted.map(([name]) => searchParams.get(name))],
  });
  return rows;
});
