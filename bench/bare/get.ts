// What a look at one run costs at the least: one prepared statement that reads its columns, which are sent as JSON.
import { Pool } from 'pg';
import { LISTED, ORGANIZATION } from './columns.ts';
import { serve } from './serve.ts';

const [connectionString = ''] = process.argv.slice(2);
const pool = new Pool({ connectionString, max: 10 });

const GET = {
  name: 'get',
  text: `SELECT ${LISTED}, golden_records FROM finetunings WHERE id = $1 AND organization_id = $2 AND deleted_at IS NULL`,
};

serve(async ({ pathname }) => {
  const { rows } = await pool.query({ ...GET, values: [pathname.split('/')[4] ?? '', ORGANIZATION] });
  return rows[0] ?? null;
});
