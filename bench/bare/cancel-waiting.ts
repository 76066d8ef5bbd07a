// What a cancel of a run that was never submitted costs at the least: one prepared statement that writes the same rows.
import { createServer } from 'node:http';
import { Pool } from 'pg';

const [connectionString = ''] = process.argv.slice(2);
const pool = new Pool({ connectionString, max: 10 });

const CANCEL = {
  name: 'cancel',
  text: `WITH written AS (
    UPDATE finetunings SET status = 'cancelled', intent = 'cancel', error = 'Fine tuning cancelled by the user',
      cancel_requested_at = now(), cancel_requested_by = 'local', cancel_confirmed_at = now(), evidence = 'never_submitted',
      version = version + 1, updated_at = now(), due_at = NULL, failures = 0
    WHERE id = $1 AND organization_id = '000000000000000000000000' AND deleted_at IS NULL AND status = 'queued'
    RETURNING id, organization_id, version, status
  ), told AS (
    INSERT INTO events (finetuning_id, version, organization_id, type, message, changes, created_at)
    SELECT id, version, organization_id, 'cancelled', 'Cancelled before anything was submitted.',
      jsonb_build_object('status', 'cancelled', 'intent', 'cancel', 'error', 'Fine tuning cancelled by the user',
        'cancel_requested_at', now(), 'cancel_requested_by', 'local', 'cancel_confirmed_at', now(),
        'evidence', 'never_submitted'), now()
    FROM written
  ) SELECT id, status FROM written`,
};

const server = createServer(async (request, answer) => {
  const id = request.url?.split('/')[4] ?? '';
  const { rows } = await pool.query({ ...CANCEL, values: [id] });
  const body = JSON.stringify(rows[0] ?? {});
  answer.writeHead(rows.length === 1 ? 200 : 404, { 'content-type': 'application/json' }).end(body);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') process.send?.({ port: address?.port });
});
