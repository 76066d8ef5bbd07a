// A bulk cancel whose process is killed in its middle, at whatever moment: what was acknowledged, or kept, is stopped.
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { insertRunning } from '../../bench/running-rows.ts';
import { createDatabase } from '../postgres/database.ts';
import { until } from '../until.ts';
import { startChild } from './child.ts';

const MANY = 1500;
const SOON = { spread_ms: 0, from_ms: 3_600_000 };

const ask = (url: string, headers: Record<string, string>) =>
  fetch(`${url}/api/v1/bulk-cancels`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ all: true, reason: 'killed in its middle' }),
  });

/** How many rows show that a moment has come. */
const moments = {
  'once its runs are kept': `SELECT count(*)::int AS count FROM bulk_cancel_runs`,
  'once some of the wishes are stored': `SELECT count(*)::int AS count FROM finetunings WHERE cancel_requested_at IS NOT NULL`,
  'once the first of them are settled': `SELECT count(*)::int AS count FROM bulk_cancel_runs WHERE wish IS NOT NULL`,
};

test.each(Object.entries(moments))(
  'killed %s, each run has its wish soon after the next start',
  async (_, counting) => {
    await using database = await createDatabase();
    const env = { PORT: '0', DATABASE_URL: database.url, LOG_LEVEL: 'warn' };
    const client = new Client({ connectionString: database.url });
    await using resources = new AsyncDisposableStack();
    resources.defer(() => client.end());
    await client.connect();
    const numberOf = async (text: string): Promise<number> => (await client.query(text)).rows[0].count;
    {
      await using child = startChild(env);
      const url = await child.url;
      await insertRunning(database.url, MANY, 'a provider that is not configured', SOON);
      const asked = ask(url, { 'idempotency-key': 'once' }).catch(() => null);
      while ((await numberOf(counting)) === 0) if ((await Promise.race([asked, null])) !== null) break;
      child.process.kill('SIGKILL');
      await child.life;
      await asked;
    }
    await using again = startChild(env);
    const url = await again.url;
    await until(
      async () => (await numberOf(`SELECT count(*)::int AS count FROM bulk_cancels WHERE stored_at IS NOT NULL`)) === 1,
      'each has its wish',
    );
    expect(await numberOf(`SELECT count(*)::int AS count FROM finetunings WHERE intent = 'cancel'`)).toBe(MANY);
    // Whoever had no answer asks again.
    const answer = await ask(url, { 'idempotency-key': 'once' });
    expect(answer.headers.get('idempotent-replayed')).toBe('true');
    expect(await answer.json()).toMatchObject({ runs: MANY, counts: { storing: 0 } });
  },
);
