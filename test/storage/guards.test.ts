// What the database refuses by itself, whatever the code might do.
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { createDatabase } from '../postgres/database.ts';

const ID = 'a'.repeat(24);
const ORGANIZATION = '0'.repeat(24);

async function database() {
  const resources = new AsyncDisposableStack();
  const { url } = resources.use(await createDatabase());
  const client = new Client({ connectionString: url });
  await client.connect();
  resources.defer(() => client.end());
  await client.query(
    `insert into db_connections values ('${ID}', '${ORGANIZATION}', 'x', 'sqlite', '', null, now(), now())`,
  );
  await client.query(
    `insert into finetunings (id, organization_id, db_connection_id, model_provider, model_name, model_parameters,
       golden_records, system_prompt, dataset, provider_ledger, created_at, status, intent, attempt, version, failures, updated_at)
     values ('${ID}', '${ORGANIZATION}', '${ID}', 'openai', 'm', '{}', '{}', '', '{}', 'openai', now(), 'running', 'run', 1, 1, 0, now())`,
  );
  return { client, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

const set = (changes: string) => `update finetunings set version = version + 1, ${changes}`;
const call = (id: string, kind: string) =>
  `insert into provider_calls (id, organization_id, finetuning_id, kind, state, attempt, opened_at, lease_until)
   values ('${id}', '${ORGANIZATION}', '${ID}', '${kind}', 'open', 1, now(), now())`;
const cancelled = set(`status = 'cancelled', evidence = 'never_submitted', cancel_confirmed_at = now()`);

test.each([
  ['a cancelled without evidence (I3)', [], set(`status = 'cancelled'`), 'cancelled_needs_evidence'],
  ['a terminal status that changes (I5)', [cancelled], set(`status = 'running'`), 'terminal status never changes'],
  ['an intent that falls (I5)', [set(`intent = 'delete'`)], set(`intent = 'cancel'`), 'intent never falls'],
  ['a version that skips (I5)', [], `update finetunings set version = 3`, 'not by one'],
  ['a change without a version (I9)', [], `update finetunings set status = 'queued'`, 'without a new version'],
  ['another job than the one adopted (I1)', [set(`job_id = 'a'`)], set(`job_id = 'b'`), 'job does not change'],
  [
    'a job that is given up within its attempt (I1)',
    [set(`job_id = 'a'`)],
    set('job_id = null'),
    'job does not change',
  ],
  ['a second live create (I1)', [call('1', 'create')], call('2', 'create'), 'one_live_create'],
  ['a create after a cancel (I7)', [set(`intent = 'cancel'`)], call('1', 'create'), 'no create may be opened'],
  ['a create beside a known job (I1)', [set(`job_id = 'a'`)], call('1', 'create'), 'no create may be opened'],
  [
    'a first time stamp that moves (I8)',
    [set('cancel_requested_at = now()')],
    set(`cancel_requested_at = now() + interval '1 s'`),
    'first cancel is kept',
  ],
  ['a run that vanishes', [], 'delete from finetunings', 'history is kept'],
  [
    'a resolved call that opens again',
    [call('1', 'create'), `update provider_calls set state = 'done'`],
    `update provider_calls set state = 'open'`,
    'stays resolved',
  ],
  ['a status we do not have', [], set(`status = 'paused'`), 'finetunings_status'],
])('%s', async (_what, before, refused, reason) => {
  await using world = await database();
  for (const statement of before) await world.client.query(statement);
  await expect(world.client.query(refused)).rejects.toThrow(reason);
});

test('the text of a golden record never changes, and it is never removed', async () => {
  await using world = await database();
  await world.client.query(
    `insert into golden_records values ('${ID}', '${ORGANIZATION}', '${ID}', 'q', 's', null, '[]', 'h', now(), null)`,
  );
  await expect(world.client.query(`update golden_records set sql = 'other'`)).rejects.toThrow('its text never changes');
  await expect(world.client.query('delete from golden_records')).rejects.toThrow('history is kept');
  await world.client.query('update golden_records set deleted_at = now()');
});
