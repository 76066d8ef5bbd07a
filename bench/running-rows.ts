// Runs that are under way at a provider, as they are stored, as many as are asked for.
import { Client } from 'pg';
import { CONNECTION, insertConnection, ORGANIZATION } from './rows.ts';

/** As `jobOf` of `provider/jobs.ts` names it. */
const ID = `'66' || lpad(to_hex(number), 22, '0')`;
const call = (kind: string, at: number) =>
  `SELECT '${at}7' || lpad(to_hex(number), 22, '0'), '${ORGANIZATION}', ${ID}, '${kind}', 'done', 1, 'file-' || ${ID},
     CASE WHEN '${kind}' = 'create' THEN 'ftjob-' || ${ID} END, now(), now(), now(), 'running'
   FROM generate_series(0, $1::int - 1) AS number`;

const INSERT = {
  runs: `INSERT INTO finetunings (id, organization_id, db_connection_id, model_provider, model_name, model_parameters,
     golden_records, system_prompt, dataset, provider_ledger, created_at, updated_at, status, intent, attempt, version,
     due_at, failures, file_id, job_id, provider_status)
   SELECT ${ID}, '${ORGANIZATION}', '${CONNECTION}', 'openai', 'gpt-4.1-mini',
     '{"n_epochs": "auto", "batch_size": "auto", "learning_rate_multiplier": "auto", "learning_rate": null, "lora": null}',
     (SELECT array_agg('65' || lpad(to_hex(one), 22, '0')) FROM generate_series(1, 17) AS one),
     repeat('CREATE TABLE books (id integer, title text, written date); ', 35),
     '{"examples": 17, "tokens": 1248, "tokens_margin": 0, "bytes": 5921, "content_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}',
     $2, now(), now(), 'running', 'run', 1, 1, now() + $3::int * interval '1 millisecond' * (number % 100) / 100 + $4::int * interval '1 millisecond', 0,
     'file-' || ${ID}, 'ftjob-' || ${ID}, 'running'
   FROM generate_series(0, $1::int - 1) AS number`,
  calls: `INSERT INTO provider_calls (id, organization_id, finetuning_id, kind, state, attempt, file_id, job_id, opened_at,
     lease_until, replied_at, detail) ${call('upload', 6)} UNION ALL ${call('create', 7)}`,
  events: `INSERT INTO events (finetuning_id, version, organization_id, type, message, changes, created_at)
   SELECT id, 1, organization_id, 'created', 'Created.', jsonb_build_object('status', status, 'intent', intent, 'attempt', 1,
     'file_id', file_id, 'job_id', job_id, 'provider_status', provider_status), created_at
   FROM finetunings`,
};

const HOUR_MS = 3_600_000;

/** @param due when they are looked at next: within so long, spread evenly; left out: in an hour */
export async function insertRunning(
  url: string,
  rows: number,
  ledger: string,
  { spread_ms, from_ms }: { spread_ms: number; from_ms: number } = { spread_ms: 0, from_ms: HOUR_MS },
): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    // Nobody listens for so many events, and nothing of it is to be checked.
    await client.query('SET session_replication_role = replica');
    await insertConnection(client);
    await client.query(INSERT.runs, [rows, ledger, spread_ms, from_ms]);
    await client.query(INSERT.calls, [rows]);
    await client.query(INSERT.events);
    await client.query('VACUUM ANALYZE');
    await client.query('CHECKPOINT');
  } finally {
    await client.end();
  }
}
