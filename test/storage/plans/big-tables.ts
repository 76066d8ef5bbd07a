// Tables as they are after years, and such that each filter meets the worst: many that match and none that match both.
import { Client } from 'pg';

export const bigConnection = 'b'.repeat(24);
/** Takes nothing at the moment, and much waits for it. */
export const bigEndpoint = 'e'.repeat(24);
/** Of as many runs as no other; none of them is of `rareModel`, and none has failed. */
export const commonModel = 'gpt-4.1-mini-2025-04-14';
/** Who has changed half of all runs, and has done nothing else; who has created the other half. */
export const bigActor = 'a'.repeat(24);
export const otherActor = 'c'.repeat(24);
export const otherModel = 'gpt-4.1-2025-04-14';
export const unknownModel = 'gpt-4.1-nano-2025-04-14';

/** Ids that rise with the number, all of them of the past. */
const idOf = (number: string) => `lpad(to_hex(${number} + 1099511627776), 24, '0')`;
const ORGANIZATION = `'000000000000000000000000'`;
const OTHERS = `'ffffffffffffffffffffffff'`;

/**
 * Of the runs: the newest tenth is deleted, one in a hundred is active and due in an hour, one in fifty is of another
 * organization. A half has succeeded, on the common model and the big connection; a half has failed, on others.
 */
export async function fill(url: string, rows: number): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    // What keys and guards would refuse, or take minutes to look at one by one.
    await client.query('SET session_replication_role = replica');
    for (const statement of statements(rows)) await client.query(statement);
    await client.query('VACUUM ANALYZE');
  } finally {
    await client.end();
  }
}

const statements = (rows: number) => [
  `INSERT INTO limit_counts SELECT 'calls of ' || i, 0, 1 FROM generate_series(1, ${rows}) AS i`,
  `INSERT INTO organizations VALUES (${OTHERS}, 'others', now())`,
  `INSERT INTO db_connections (id, organization_id, alias, dialect, schema_sql, created_at, updated_at)
   SELECT '${bigConnection}', ${ORGANIZATION}, 'big', 'sqlite', '', now(), now()`,
  `INSERT INTO db_connections (id, organization_id, alias, dialect, schema_sql, created_at, updated_at, deleted_at)
   SELECT ${idOf('i')}, CASE WHEN i % 50 = 0 THEN ${OTHERS} ELSE ${ORGANIZATION} END, 'c' || i, 'sqlite', '', now(), now(),
     CASE WHEN i > ${rows / 10} THEN now() END
   FROM generate_series(1, ${rows / 5}) AS i`,
  `INSERT INTO finetunings (id, organization_id, db_connection_id, model_provider, model_name, model_parameters,
     golden_records, system_prompt, dataset, provider_ledger, created_at, status, intent, alias, attempt, file_id, job_id,
     provider_status, version, due_at, failures, updated_at, deleted_at, cancel_confirmed_at, evidence)
   SELECT ${idOf('i')}, CASE WHEN i % 50 = 0 THEN ${OTHERS} ELSE ${ORGANIZATION} END,
     CASE WHEN i % 2 = 0 THEN '${bigConnection}' ELSE ${idOf('1 + i % 1000')} END, 'openai',
     CASE WHEN i % 2 = 0 THEN '${commonModel}' ELSE '${otherModel}' END,
     '{"n_epochs":"auto","batch_size":"auto","learning_rate_multiplier":"auto"}', ARRAY['x'], 'prompt',
     '{"examples":12,"tokens":900,"bytes":4000,"content_hash":"x"}', 'elsewhere', now(), s.status,
     CASE WHEN deleted THEN 'delete' ELSE 'run' END, 'run ' || i, 1, 'file-' || i, 'job-' || i, s.status, 3,
     CASE WHEN s.status = 'running' THEN now() + interval '1 hour' END, 0, now(), CASE WHEN deleted THEN now() END,
     CASE WHEN deleted THEN now() END, CASE WHEN deleted THEN 'provider_cancelled' END
   FROM generate_series(1, ${rows}) AS i, LATERAL (SELECT i > ${rows * 0.9} AS deleted) AS d,
     LATERAL (SELECT CASE WHEN deleted THEN 'cancelled' WHEN i % 100 = 7 THEN 'running'
       WHEN i % 2 = 0 THEN 'succeeded' ELSE 'failed' END AS status) AS s`,
  `INSERT INTO events (finetuning_id, version, organization_id, type, message, changes, created_at)
   SELECT ${idOf('i')}, v, ${ORGANIZATION}, 'status_changed', 'It goes on.', '{}', now()
   FROM generate_series(1, ${rows}) AS i, generate_series(1, 2) AS v`,
  `INSERT INTO events (finetuning_id, version, organization_id, type, message, changes, created_at, "by")
   SELECT ${idOf('i')}, 3, CASE WHEN i % 50 = 0 THEN ${OTHERS} ELSE ${ORGANIZATION} END,
     CASE WHEN i % 2 = 0 THEN 'updated' ELSE 'created' END, 'Alias or metadata changed.', '{}', now() - i * interval '1 s',
     jsonb_build_object('who', 'key', 'name', 'ci', 'from', '192.0.2.7', 'id',
       CASE WHEN i % 2 = 0 THEN '${bigActor}' ELSE '${otherActor}' END)
   FROM generate_series(1, ${rows}) AS i`,
  `INSERT INTO audit_entries (id, organization_id, type, about_kind, about_id, message, created_at, "by")
   SELECT ${idOf('i')}, CASE WHEN i % 50 = 0 THEN ${OTHERS} ELSE ${ORGANIZATION} END,
     CASE WHEN i % 2 = 0 THEN 'db_connection_updated' ELSE 'golden_records_added' END, 'db_connection', ${idOf('i')},
     'It was changed.', now() - i * interval '1 s', jsonb_build_object('who', 'key', 'name', 'ci', 'from', '192.0.2.7', 'id',
       CASE WHEN i % 2 = 0 THEN '${bigActor}' ELSE '${otherActor}' END)
   FROM generate_series(1, ${rows}) AS i`,
  `INSERT INTO provider_calls (id, organization_id, finetuning_id, kind, state, attempt, file_id, opened_at, lease_until)
   SELECT ${idOf('i')}, ${ORGANIZATION}, ${idOf('i')}, 'upload', 'done', 1, 'file-' || i, now(), now()
   FROM generate_series(1, ${rows}) AS i`,
  `INSERT INTO api_keys (id, organization_id, name, scopes, digest, hint, created_by, created_at)
   SELECT ${idOf('i')}, CASE WHEN i % 50 = 0 THEN ${OTHERS} ELSE ${ORGANIZATION} END, 'key ' || i, ARRAY['read'],
     md5('a' || i) || md5('b' || i), 'goldtune_abcd', 'admin', now()
   FROM generate_series(1, ${rows / 5}) AS i`,
  `INSERT INTO people (id, name, email, email_verified, created_at, updated_at)
   SELECT ${idOf('i')}, 'person ' || i, i || '@example.com', false, now(), now() FROM generate_series(1, ${rows / 5}) AS i`,
  `INSERT INTO sign_in_accounts (id, person_id, provider_id, account_id, created_at, updated_at)
   SELECT id, id, 'credential', id, now(), now() FROM people`,
  `INSERT INTO sessions (id, person_id, token, created_at, updated_at, expires_at)
   SELECT id, id, 'token of ' || id, now(), now(), now() + interval '1 day' FROM people`,
  // Nobody manages them but whom the workload makes an administrator.
  `INSERT INTO members (id, organization_id, person_id, role, created_at)
   SELECT id, ${ORGANIZATION}, id, 'viewer', now() FROM people`,
  `INSERT INTO invitations (id, organization_id, email, role, digest, created_by, created_at, expires_at, accepted_at)
   SELECT ${idOf('i')}, ${ORGANIZATION}, i || '@invited.example', 'viewer', md5('a' || i) || md5('b' || i), 'admin', now(),
     now() + interval '1 day', CASE WHEN i % 10 > 0 THEN now() END FROM generate_series(1, ${rows / 5}) AS i`,
  `INSERT INTO imports (id, organization_id, created_at, done_at)
   SELECT ${idOf('i')}, ${ORGANIZATION}, now(), CASE WHEN i % 1000 > 0 THEN now() END
   FROM generate_series(1, ${rows / 5}) AS i`,
  // The newest tenth is hidden.
  `INSERT INTO golden_records (id, organization_id, db_connection_id, prompt_text, sql, warnings, content_hash, created_at,
     deleted_at, import_id)
   SELECT ${idOf('i')}, CASE WHEN i % 50 = 0 THEN ${OTHERS} ELSE ${ORGANIZATION} END,
     CASE WHEN i % 2 = 0 THEN '${bigConnection}' ELSE ${idOf('1 + i % 1000')} END, 'question ' || i, 'SELECT ' || i, '[]',
     md5(i::text), now(), CASE WHEN i > ${rows * 0.9} THEN now() END, CASE WHEN i % 3 = 0 THEN ${idOf('1 + i % 999')} END
   FROM generate_series(1, ${rows}) AS i`,
  `INSERT INTO webhook_endpoints (id, organization_id, url, enabled, secret, created_at, updated_at, deleted_at)
   SELECT CASE i WHEN 1 THEN '${bigEndpoint}' ELSE ${idOf('i')} END, CASE WHEN i % 2 = 0 THEN ${OTHERS} ELSE ${ORGANIZATION} END,
     'https://127.0.0.1:1/', true, 'whsec_bm90aGluZyB0byBwcm92ZSBoZXJlLCBmb3IgdHdvIGVuZHM=', now(), now(), CASE WHEN i > 10 THEN now() END
   FROM generate_series(1, 20) AS i`,
  // One in ten is to be sent: half of that to one that is deleted, half in an hour, by runs that have a hundred each. As
  // many have only been watched.
  `INSERT INTO webhook_deliveries (id, organization_id, endpoint_id, lane, finetuning_id, version, type, waiting_since, state,
     attempts, due_at, created_at)
   SELECT ${idOf('i')}, ${ORGANIZATION}, CASE WHEN i % 20 = 1 THEN ${idOf('11')} ELSE '${bigEndpoint}' END,
     ${idOf('1 + i % 1000')}, ${idOf('1 + i % 1000')}, i, 'finetuning.status_changed', CASE WHEN i % 10 = 2 THEN i::text END,
     CASE i % 10 WHEN 1 THEN 'pending' WHEN 2 THEN 'watching' WHEN 3 THEN 'void' ELSE 'delivered' END, 1,
     CASE WHEN i % 20 IN (1, 2) AND i % 10 = 1 THEN now() ELSE now() + interval '1 hour' END, now()
   FROM generate_series(1, ${rows}) AS i`,
  `INSERT INTO idempotency_keys (organization_id, key, request_hash, finetuning_id, created_at)
   SELECT ${ORGANIZATION}, 'key ' || i, 'x', ${idOf('i')}, now() FROM generate_series(1, ${rows}) AS i`,
  `INSERT INTO sandbox_ledgers VALUES (1, 'sandbox-of-the-test') ON CONFLICT DO NOTHING`,
  `INSERT INTO sandbox_entries (id, kind, document)
   SELECT (CASE WHEN i % 2 = 0 THEN 'file-old-' ELSE 'ftjob-old-' END) || i, CASE WHEN i % 2 = 0 THEN 'file' ELSE 'job' END,
     jsonb_build_object('training_file', 'file-old-' || i)
   FROM generate_series(1, ${rows / 5}) AS i`,
];
