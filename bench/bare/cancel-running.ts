// What a cancel of a running job costs at the least, where each step is to be on the disk before the next: the wish, the
// call, the request that cancels, its answer, the look at the job, and what it shows. A prepared statement each.
import { createServer } from 'node:http';
import { Pool } from 'pg';
import { ask } from './provider-request.ts';

const [connectionString = '', provider = ''] = process.argv.slice(2);
const pool = new Pool({ connectionString, max: 10 });

/** In hours: else the goldtune that is measured beside it would go on with them. A write of the run and of its event, and what else there is. */
const write = (set: string, type: string, also = '') => `WITH written AS (
    UPDATE finetunings SET ${set}, version = version + 1, updated_at = now(), failures = 0
    WHERE id = $1 AND organization_id = '000000000000000000000000' AND version = $2
    RETURNING id, organization_id, version, status, job_id
  ), told AS (
    INSERT INTO events (finetuning_id, version, organization_id, type, message, changes, created_at)
    SELECT id, version, organization_id, '${type}', 'What has happened, in a sentence.',
      jsonb_build_object('intent', 'cancel', 'cancel_requested_at', now(), 'cancel_requested_by', 'local'), now()
    FROM written
  )${also} SELECT * FROM written`;

const WISH = {
  name: 'wish',
  text: write(
    `intent = 'cancel', cancel_requested_at = now(), cancel_requested_by = 'local', due_at = now() + interval '1 hour'`,
    'cancel_requested',
  ),
};
const OPEN = {
  name: 'open',
  text: write(
    `due_at = now() + interval '3 hours'`,
    'cancel_sent',
    `, opened AS (
      INSERT INTO provider_calls (id, organization_id, finetuning_id, kind, state, attempt, job_id, opened_at, lease_until)
      SELECT $3, organization_id, id, 'cancel', 'open', 1, job_id, now(), now() + interval '25 seconds' FROM written)`,
  ),
};
const ANSWERED = {
  name: 'answered',
  text: write(
    "due_at = now() + interval '2 hours'",
    'cancel_answered',
    `, answered AS (UPDATE provider_calls SET replied_at = now(), detail = $4 FROM written WHERE provider_calls.id = $3)`,
  ),
};
const PROVEN = {
  name: 'proven',
  text: write(
    `status = 'cancelled', error = 'Fine tuning cancelled by the user', cancel_confirmed_at = now(),
     evidence = 'provider_cancelled', provider_status = $4, due_at = NULL`,
    'cancelled',
    `, closed AS (UPDATE provider_calls SET state = 'done' FROM written WHERE provider_calls.id = $3)`,
  ),
};

let calls = 0;
const mark = Math.floor(Math.random() * 2 ** 32);
const newId = () => `78${mark.toString(16).padStart(8, '0')}${(calls++).toString(16).padStart(14, '0')}`;

/** @throws Error where it is not cancelled then */
async function cancel(id: string): Promise<{ id: string; status: string }> {
  const { rows } = await pool.query({ ...WISH, values: [id, 1] });
  const job = String(rows[0]?.job_id);
  const call = newId();
  await pool.query({ ...OPEN, values: [id, 2, call] });
  const answer = await ask(provider, 'POST', `/v1/fine_tuning/jobs/${job}/cancel`);
  await pool.query({ ...ANSWERED, values: [id, 3, call, answer.status] });
  const { status } = await ask(provider, 'GET', `/v1/fine_tuning/jobs/${job}`);
  if (status !== 'cancelled') throw new Error(`the provider shows ${status}`);
  const proven = await pool.query({ ...PROVEN, values: [id, 4, call, status] });
  return { id, status: String(proven.rows[0]?.status) };
}

const server = createServer(async (request, answer) => {
  const body = JSON.stringify(await cancel(request.url?.split('/')[4] ?? ''));
  answer.writeHead(200, { 'content-type': 'application/json' }).end(body);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') process.send?.({ port: address?.port });
});
