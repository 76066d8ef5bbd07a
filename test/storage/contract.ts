// What a user relies on, in one pass: records in, a run, its list and events, and two dozen cancels at once.
import { expect } from 'vitest';
import { bodyOf, type World } from '../world.ts';

const CANCELS = 24;
/** As JSON shows times. */
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

export async function expectContract(world: World): Promise<void> {
  const began = Date.now();
  const connection = bodyOf(
    await world.request('POST', '/api/v1/database-connections', {
      alias: "Bücher \\ 'x'",
      schema_sql: 'CREATE TABLE t (a int);',
    }),
    201,
  );
  const lines = Array.from({ length: 12 }, (_, index) =>
    JSON.stringify({
      prompt_text: `Wie viele Bücher über ${index} €? \\`,
      sql: `SELECT count(*) FROM t WHERE a > ${index} -- 'ß\\n'`,
    }),
  );
  const imported = await world.request(
    'POST',
    `/api/v1/golden-sqls?db_connection_id=${connection['id']}`,
    lines.join('\n'),
    { 'content-type': 'application/jsonl' },
  );
  expect(imported).toMatchObject({ status: 201 });
  const kept = await world.request('GET', `/api/v1/golden-sqls?db_connection_id=${connection['id']}`);
  expect(new Set(Object(kept.body).map((record: { sql: string }) => record.sql))).toEqual(
    new Set(lines.map((line) => JSON.parse(line).sql)),
  );

  const run = bodyOf(
    await world.request('POST', '/api/v1/finetunings', { db_connection_id: connection['id'], alias: 'm' }),
    201,
  );
  const id = String(run['id']);
  await world.reached(id, (seen) => seen.finetuning_job_id !== null, 'submitted');
  const answers = await Promise.all(
    Array.from({ length: CANCELS }, (_, index) => world.cancel(id, { reason: `cancel ${index}` })),
  );
  // Proven at once, or stored and pursued.
  expect(answers.map((answer) => answer.status).filter((status) => status !== 200 && status !== 202)).toEqual([]);
  await world.reached(id, (seen) => seen.status === 'cancelled', 'cancelled');
  const receipts = await Promise.all(answers.map(() => world.cancel(id)));
  expect(
    new Set(receipts.map((answer) => JSON.stringify([answer.status, Object(answer.body).cancellation]))).size,
  ).toBe(1);

  const list = await world.request('GET', `/api/v1/finetunings?db_connection_id=${connection['id']}`);
  expect(list).toMatchObject({ status: 200, body: [{ id, status: 'cancelled' }] });
  const events = await world.request('GET', `/api/v1/finetunings/${id}/events`);
  const times = [run['created_at'], ...Object(events.body).map((event: { created_at: string }) => event.created_at)];
  for (const time of times) {
    expect(time).toMatch(ISO);
    expect(Date.parse(String(time))).toBeGreaterThanOrEqual(began);
    expect(Date.parse(String(time))).toBeLessThanOrEqual(Date.now());
  }
  expect((await world.request('GET', '/readyz')).status).toBe(200);
}
