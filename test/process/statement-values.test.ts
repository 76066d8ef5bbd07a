// What customers have stored is in no log, answer or other row, whatever statement fails.
import { expect, test } from 'vitest';
import { createDatabase } from '../postgres/database.ts';
import { execute, rowsOf } from '../postgres/execute.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { until } from '../until.ts';
import { startChild } from './child.ts';

/** Stands in every text that is sent. */
const PLANTED = 'planted-in-a-record';

test('a statement that fails is logged without its values, which are in no answer and no other row either', async () => {
  await using directory = await temporaryDirectory();
  await using database = await createDatabase();
  await using child = startChild({
    PORT: '0',
    DATA_DIR: directory.path,
    DATABASE_URL: database.url,
    LOG_LEVEL: 'debug',
    CANCEL_WAIT_MS: '0',
  });
  const url = await child.url;
  const sql = (statement: string) => execute(database.url, statement);
  const answers: string[] = [];
  const ask = async (method: string, path: string, body: unknown): Promise<unknown> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (answer.status >= 400) answers.push(text);
    return JSON.parse(text);
  };
  const planted = { alias: PLANTED, metadata: { note: PLANTED } };
  const { id: db_connection_id } = Object(await ask('POST', '/api/v1/database-connections', planted));
  const records = (from: number) =>
    Array.from({ length: 12 }, (_, index) => ({
      db_connection_id,
      prompt_text: `${PLANTED} ${from + index}`,
      sql: `SELECT '${PLANTED}'`,
    }));
  await ask('POST', '/api/v1/golden-sqls', records(0));
  const run = Object(await ask('POST', '/api/v1/finetunings', { db_connection_id, ...planted }));
  expect(answers).toEqual([]);

  // Each is refused with the row in its detail, or quotes the value itself.
  for (const table of ['golden_records', 'db_connections', 'finetunings']) {
    await sql(`ALTER TABLE ${table} ADD CONSTRAINT refused CHECK (false) NOT VALID`);
  }
  await ask('POST', '/api/v1/golden-sqls', records(100));
  await ask('POST', '/trpc/goldenRecords.add', records(100));
  await ask('POST', '/api/v1/database-connections', planted);
  await ask('PUT', `/api/v1/finetunings/${run.id}`, { alias: `${PLANTED} too` });
  await ask('POST', `/api/v1/finetunings/${run.id}/cancel`, { reason: PLANTED, metadata: { other: PLANTED } });

  // The run goes on, and what holds it up is said in a row.
  await sql('ALTER TABLE finetunings DROP CONSTRAINT refused');
  await sql('ALTER TABLE provider_calls ADD CONSTRAINT refused CHECK (false) NOT VALID');
  const other = Object(await ask('POST', '/api/v1/finetunings', { db_connection_id, ...planted }));
  const told = await until(async () => {
    const rows = await rowsOf(database.url, `SELECT waiting->>'for' AS why FROM finetunings WHERE id = '${other.id}'`);
    return rows.map(({ why }) => why).find((why) => typeof why === 'string' && why.includes('cannot go on')) ?? null;
  }, 'what holds the run up is told');
  expect(told).not.toMatch(/insert into|params/i);

  await sql('ALTER TABLE db_connections ALTER COLUMN alias TYPE integer USING 0');
  await ask('POST', '/api/v1/database-connections', planted);
  expect(answers).toHaveLength(6);
  expect(answers.filter((text) => !text.includes('Internal Server Error'))).toEqual([]);

  const events = await rowsOf(database.url, 'SELECT message FROM events');
  const log = child.printed();
  expect(log.match(/violates check constraint/g)?.length).toBeGreaterThan(5);
  expect(log).toContain('SQLSTATE 22P02');
  const texts = { log, answers: answers.join(), events: JSON.stringify(events), told: String(told) };
  const holding = Object.entries(texts).filter(([, text]) => text.includes(PLANTED));
  expect(holding.map(([where]) => where)).toEqual([]);
});
