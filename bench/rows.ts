// Runs by the million, as they are stored: written by the database itself, with their first event.
import { Client } from 'pg';

export const ORGANIZATION = '000000000000000000000000';
/** Of all runs that are of no other kind. */
export const CONNECTION = '650000000000000000000001';

/** A prime: by steps of it, each run is met once, in no order that the table has. */
const STEP = 15_485_863;

/** The id of a run by its number, from 0. */
export const idOf = (number: number) => `66${number.toString(16).padStart(22, '0')}`;

/** Ids of runs, each once, from all over the table; shared by whoever asks. @throws Error where none is left */
export function idsOf(rows: number): () => string {
  let taken = 0;
  return () => {
    if (taken === rows) throw new Error(`all ${rows} runs are used up; ask for more by --rows=N`);
    return idOf((taken++ * STEP) % rows);
  };
}

/** The same for who leaves them as they are: from the first again after the last. */
export function idsAgain(rows: number): () => string {
  let taken = 0;
  return () => idOf((taken++ * STEP) % rows);
}

/** What differs from one run to another, each as SQL by its `number`. */
export type Kinds = {
  status: string;
  model_name: string;
  db_connection_id: string;
  /** How many. */
  golden_records: string;
  /** Whether each has its first event; no list reads them. */
  events: boolean;
};

/** That nothing was ever submitted for, due in an hour: no worker comes by meanwhile. */
const waiting: Kinds = {
  status: `'queued'`,
  model_name: `'gpt-4.1-mini'`,
  db_connection_id: `'${CONNECTION}'`,
  golden_records: '17',
  events: true,
};

/** The one that they are all on. */
export const insertConnection = (client: Client) =>
  client.query(
    `INSERT INTO db_connections (id, organization_id, alias, dialect, schema_sql, created_at, updated_at)
     VALUES ('${CONNECTION}', '${ORGANIZATION}', 'library', 'postgresql', 'CREATE TABLE books (id integer);', now(), now())`,
  );

/** At once: what is undone of it by a crash is written anew, and the log of it stays short. */
const SLICE = 1_000_000;

/** Runs with a prompt of 2 kB, the newest the one with the highest number; on a table that has none. */
export async function insertRuns(url: string, rows: number, kinds: Kinds = waiting): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    // Nobody listens for so many events, and nothing of it is to be checked.
    await client.query('SET session_replication_role = replica');
    await insertConnection(client);
    for (let first = 0; first < rows; first += SLICE) {
      await client.query(insertion(kinds), [first, Math.min(rows, first + SLICE) - 1]);
    }
    if (kinds.events) {
      await client.query(
        `INSERT INTO events (finetuning_id, version, organization_id, type, message, changes, created_at)
         SELECT id, 1, organization_id, 'created', 'Created.', '{"status": "queued", "intent": "run", "attempt": 1}', created_at
         FROM finetunings`,
      );
    }
    await client.query('VACUUM ANALYZE');
    await client.query('CHECKPOINT');
  } finally {
    await client.end();
  }
}

const insertion = ({ status, model_name, db_connection_id, golden_records }: Kinds) => `
  INSERT INTO finetunings (id, organization_id, db_connection_id, model_provider, model_name, model_parameters,
    golden_records, system_prompt, dataset, provider_ledger, created_at, updated_at, status, intent, attempt, version,
    due_at, failures)
  SELECT '66' || lpad(to_hex(number), 22, '0'), '${ORGANIZATION}', ${db_connection_id}, 'openai', ${model_name},
    '{"n_epochs": "auto", "batch_size": "auto", "learning_rate_multiplier": "auto", "learning_rate": null, "lora": null}',
    (SELECT array_agg('65' || lpad(to_hex(one), 22, '0')) FROM generate_series(1, ${golden_records}) AS one),
    repeat('CREATE TABLE books (id integer, title text, written date); ', 35),
    '{"examples": 17, "tokens": 1248, "tokens_margin": 0, "bytes": 5921, "content_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"}',
    'sandbox', now(), now(), status, 'run', 1, 1,
    CASE WHEN status NOT IN ('succeeded', 'failed') THEN now() + interval '1 hour' END, 0
  FROM generate_series($1::int, $2::int) AS number, LATERAL (SELECT ${status} AS status) AS its`;
