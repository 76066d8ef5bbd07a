// A database that stalls: rows that somebody else holds, a server that does not answer. Whoever asks is answered in time,
// in words that are true, and nobody else waits for it.
import { sql } from 'drizzle-orm';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { createDatabase } from '../postgres/database.ts';
import { openFaultyLine } from '../postgres/faulty-line.ts';
import { startPostgres } from '../postgres/server.ts';
import { prepareDatabase } from '../prepare.ts';
import { type Answer, bodyOf, startWorld, type World } from '../world.ts';

/** More than all connections that stops have. */
const MANY = 12;
const soon = { prefer: 'wait=1' };
const NOT_RECORDED = /so this cancel is not recorded; try again/;
const NOT_KNOWN = /it is not known whether this cancel is recorded; try again/;
const NO_MORE_THAN_IS_SO = new RegExp(`${NOT_RECORDED.source}|${NOT_KNOWN.source}`);

/** A session of somebody else, which holds these runs until it is closed. */
async function holding(url: string, ids: readonly string[]): Promise<AsyncDisposable> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query('BEGIN');
  await client.query('SELECT FROM finetunings WHERE id = ANY($1) FOR UPDATE', [ids]);
  return { [Symbol.asyncDispose]: () => client.end() };
}

async function worldOn(database: { url: string }) {
  const world = await startWorld({ env: { DATABASE_URL: database.url } });
  return Object.assign(world, {
    intentOf: async (id: string) => (await world.get(id)).cancellation?.state ?? null,
  });
}

function expectUnavailable(answer: Answer, words: RegExp): void {
  expect(answer).toMatchObject({ status: 503, body: { detail: expect.stringMatching(words) } });
  expect(answer.headers.get('retry-after')).toBe('2');
}

const cancels = (world: World, id: string) => Array.from({ length: MANY }, () => world.cancel(id, undefined, soon));

test('a row that somebody holds locked kept cancels waiting, and with them all others: they are answered, and truly', async () => {
  await using database = await createDatabase();
  await using world = await worldOn(database);
  const [held, other] = [await world.createIn('running'), await world.createIn('running')];
  {
    await using _ = await holding(database.url, [held.id]);
    const asked = cancels(world, held.id);
    expect(bodyOf(await world.cancel(other.id), 200)).toMatchObject({ status: 'cancelled' });
    const answers = await Promise.all(asked);
    // On a machine that is starved one may be cut off amid its statement, and then it is not known.
    for (const answer of answers) expectUnavailable(answer, NO_MORE_THAN_IS_SO);
    expect(answers.map(({ body }) => String(Object(body).detail))).toContainEqual(expect.stringMatching(NOT_RECORDED));
    expect(await world.intentOf(held.id)).toBeNull();
    const deleted = await world.request('DELETE', `/api/v1/finetunings/${held.id}`, undefined, soon);
    expectUnavailable(deleted, /so this delete is not recorded/);
    const refused = await world.trpc.finetunings.cancel.mutate({ id: held.id, wait_ms: 0 }).catch((error) => error);
    expect(refused).toMatchObject({
      message: expect.stringMatching(NOT_RECORDED),
      data: { reason: 'unavailable', httpStatus: 503 },
    });
  }
  expect(bodyOf(await world.cancel(held.id), 200)).toMatchObject({ status: 'cancelled' });
});

test('a lock that ends while a cancel still has time does not keep it from being recorded', async () => {
  await using database = await createDatabase();
  await using world = await worldOn(database);
  const run = await world.createIn('running');
  const held = await holding(database.url, [run.id]);
  let isAnswered = false;
  const asked = world.cancel(run.id).finally(() => {
    isAnswered = true;
  });
  const client = new Client({ connectionString: database.url });
  await client.connect();
  await world.until(async () => {
    const { rowCount } = await client.query(
      "SELECT FROM pg_stat_activity WHERE application_name = 'goldtune-stops' AND wait_event_type = 'Lock'",
    );
    return (rowCount ?? 0) > 0;
  }, 'the cancel waits for the lock');
  await client.end();
  expect(isAnswered).toBe(false);
  await held[Symbol.asyncDispose]();
  expect(bodyOf(await asked, 200)).toMatchObject({ status: 'cancelled' });
});

test('of many cancels at once, those whose rows nobody holds are recorded while others wait for theirs', async () => {
  await using database = await createDatabase();
  await using world = await worldOn(database);
  const { connection } = await world.seed();
  const runs = await Promise.all(
    Array.from({ length: 100 }, () => world.trpc.finetunings.create.mutate({ db_connection_id: connection.id })),
  );
  const ids = runs.map((run) => run.id);
  const held = ids.filter((_, index) => index % 5 === 0);
  const holder = await holding(database.url, held);
  const asked = world.trpc.finetunings.cancelMany.mutate({ ids, wait_ms: 120_000 });
  const recorded = sql`SELECT FROM finetunings WHERE intent = 'cancel'`;
  await world.until(
    async () => Object(await world.app.db.execute(recorded)).rowCount === ids.length - held.length,
    'all others are recorded',
  );
  await holder[Symbol.asyncDispose]();
  const answers = await asked;
  expect(answers.map(({ id, finetuning }) => [id, finetuning?.status])).toEqual(ids.map((id) => [id, 'cancelled']));
});

test('of two cancels in one call, the one whose row somebody holds is refused, and the other carried out', async () => {
  await using database = await createDatabase();
  await using world = await worldOn(database);
  const [held, other] = [await world.createIn('running'), await world.createIn('running')];
  await using _ = await holding(database.url, [held.id]);
  const answers = await world.trpc.finetunings.cancelMany.mutate({ ids: [held.id, other.id], wait_ms: 5000 });
  expect(answers).toMatchObject([
    { finetuning: null, error: { reason: 'unavailable', message: expect.stringMatching(NOT_RECORDED) } },
    { finetuning: { cancellation: { reason: null } }, error: null },
  ]);
});

test('a server whose processes are stopped is not waited for, and cancels are carried out once they go on', async () => {
  await using server = await startPostgres();
  await prepareDatabase({ url: server.url() });
  await using world = await worldOn({ url: server.url() });
  const run = await world.createIn('running');
  await server.freeze();
  try {
    for (const answer of await Promise.all(cancels(world, run.id))) {
      expect(answer).toMatchObject({ status: 503, body: { detail: expect.stringMatching(/this cancel is/) } });
      expect(answer.headers.get('retry-after')).toBe('2');
    }
    expect((await world.request('GET', '/healthz')).status).toBe(200);
    expect((await world.request('GET', '/readyz')).status).toBe(503);
  } finally {
    await server.thaw();
  }
  expect(bodyOf(await world.cancel(run.id), 200)).toMatchObject({ status: 'cancelled' });
});

test('connections that nothing comes through any more are given up, those of reads too, and others are made', async () => {
  await using database = await createDatabase();
  await using line = await openFaultyLine(database.url);
  await using world = await worldOn(line);
  const run = await world.createIn('running');
  line.breakBy({ on: 'goldtune-stops', from: 0, times: 2, fault: { kind: 'silence_before' } });
  // Each try on a connection of its own: two are silent, the third is not.
  expect(bodyOf(await world.cancel(run.id), 200)).toMatchObject({ status: 'cancelled' });
  line.breakBy({ on: 'goldtune', from: 0, times: 1, fault: { kind: 'silence_before' } });
  expectUnavailable(await world.request('GET', `/api/v1/finetunings/${run.id}`), /in time|was lost/);
  expect((await world.request('GET', `/api/v1/finetunings/${run.id}`)).status).toBe(200);
});

test('connections on which a transaction could not begin were lost to the pool, until none was left', async () => {
  await using database = await createDatabase();
  await using line = await openFaultyLine(database.url);
  await using world = await worldOn(line);
  const run = await world.createIn('running');
  line.breakBy({ on: 'goldtune', from: 0, times: MANY, fault: { kind: 'raise', sqlstate: '53200' } });
  for (let asked = 0; asked < MANY; asked++) {
    expectUnavailable(await world.request('GET', `/api/v1/finetunings/${run.id}`), /no room/);
  }
  expect(line.breakBy(null)).toBe(MANY);
  expect((await world.request('GET', `/api/v1/finetunings/${run.id}`)).status).toBe(200);
});

test('a commit that is not answered is said to be one of which nothing is known, and is not lost if it was carried out', async () => {
  await using database = await createDatabase();
  await using line = await openFaultyLine(database.url);
  await using world = await worldOn(line);
  const run = await world.createIn('running');
  const commit = await commitOfCancel(world, line);
  line.breakBy({ on: 'goldtune-stops', from: commit, times: 1000, fault: { kind: 'silence_after' } });
  expectUnavailable(await world.cancel(run.id, undefined, { prefer: 'wait=0' }), NOT_KNOWN);
  line.breakBy(null);
  await world.reached(run.id, (seen) => seen.status === 'cancelled', 'cancelled, though nobody could say so');
});

test('a delete whose commit was not answered was told that there is no such run, once it was carried out', async () => {
  await using database = await createDatabase();
  await using line = await openFaultyLine(database.url);
  await using world = await worldOn(line);
  const run = await world.createIn('running');
  const commit = await commitOfCancel(world, line);
  line.breakBy({ on: 'goldtune-stops', from: commit, times: 1, fault: { kind: 'silence_after' } });
  const answer = await world.request('DELETE', `/api/v1/finetunings/${run.id}`, undefined, { prefer: 'wait=60' });
  expect(answer).toMatchObject({ status: 200, body: { status: true } });
  expect((await world.request('GET', `/api/v1/finetunings/${run.id}`)).status).toBe(404);
});

/** Which statement on the connections of stops writes the wish to stop, and commits it; a delete says the same up to there. */
async function commitOfCancel(world: World, line: Awaited<ReturnType<typeof openFaultyLine>>): Promise<number> {
  const run = await world.createIn('running');
  line.breakBy(null);
  await world.cancel(run.id);
  const written = line.statements('goldtune-stops').findIndex((statement) => /UPDATE finetunings/.test(statement));
  expect(written).toBeGreaterThan(0);
  return written;
}
