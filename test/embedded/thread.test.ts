// The embedded database computes in a thread of its own: what it is busy with keeps nobody else waiting, and its end is
// not the end of the server.
import type { Worker } from 'node:worker_threads';
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { bodyOf, startWorld, type World } from '../world.ts';

const COMPUTES_FOR_SECONDS = sql`SELECT count(*) FROM generate_series(1, 3000000)`;

/** The world on its embedded database, and the threads that were started for it. */
async function startWatched() {
  const threads: Worker[] = [];
  const note = (thread: Worker) => void threads.push(thread);
  process.on('worker', note);
  const world = await startWorld();
  const dispose = world[Symbol.asyncDispose].bind(world);
  return Object.assign(world, {
    kill: () => Promise.all(threads.map((thread) => thread.terminate())),
    /** Something that it cannot read, as after a fault of its memory. */
    break: (unreadable: unknown) => threads.at(-1)?.postMessage(unreadable),
    async [Symbol.asyncDispose]() {
      process.off('worker', note);
      await dispose();
    },
  });
}

const rowsOf = async (world: World, query: ReturnType<typeof sql>) => Object(await world.app.db.execute(query)).rows;

test('an import kept the whole server waiting: while the database computes, others are answered', async () => {
  await using world = await startWatched();
  let computed = false;
  const computing = world.app.db.execute(COMPUTES_FOR_SECONDS).then(() => {
    computed = true;
  });
  expect((await world.request('GET', '/healthz')).status).toBe(200);
  expect(computed).toBe(false);
  await computing;
});

test('a database whose thread has ended is started anew, with all that was acknowledged, and goes on listening', async () => {
  await using world = await startWatched();
  const run = await world.createIn('running');
  await world.kill();
  // Who asks in that moment is told to ask again; who asks after it is answered.
  await world.until(async () => (await world.request('GET', `/api/v1/finetunings/${run.id}`)).status === 200, 'back');
  expect(bodyOf(await world.cancel(run.id), 200)).toMatchObject({ status: 'cancelled' });
  expect((await world.trpc.finetunings.events.query({ id: run.id })).at(-1)?.type).toBe('cancelled');
});

test('a fault within the thread ended the whole server: it ends the thread alone, and who asked may ask again', async () => {
  await using world = await startWatched();
  const run = await world.createIn('running');
  for (const unreadable of [null, { kind: 'request' }]) {
    // Within a transaction, which has the session and so the thread for itself.
    let told: unknown = null;
    const failed = world.app.db.transaction(async (tx) => {
      world.break(unreadable);
      await tx.execute(sql`SELECT 1`).catch((error: Error) => {
        told = Object(error.cause).code;
      });
    });
    await expect(failed).rejects.toThrow();
    expect(told).toBe('57P02');
    await world.until(async () => (await world.request('GET', `/api/v1/finetunings/${run.id}`)).status === 200, 'back');
  }
  world.break(null);
  expect(bodyOf(await world.cancel(run.id), 200)).toMatchObject({ status: 'cancelled' });
});

test('what was asked of a thread that ends meanwhile is refused as unavailable, and nothing hangs', async () => {
  await using world = await startWatched();
  const computing = world.app.db.execute(COMPUTES_FOR_SECONDS).then(
    () => 'answered',
    (error: Error) => Object(error.cause).code,
  );
  const asked = world.request('GET', '/api/v1/finetunings');
  await world.kill();
  expect(await computing).toBe('57P02');
  expect([200, 503]).toContain((await asked).status);
});

test('a transaction that is left open is rolled back before the next statement', async () => {
  await using world = await startWatched();
  await rowsOf(world, sql.raw('BEGIN; CREATE TABLE left_open (a int)'));
  expect(await rowsOf(world, sql`SELECT to_regclass('left_open') AS found`)).toEqual([{ found: null }]);
});

test('each session of the database means the same by what it is sent', async () => {
  await using world = await startWatched();
  await rowsOf(world, sql`SET TimeZone = 'Asia/Tokyo'`);
  await rowsOf(world, sql.raw('BEGIN'));
  expect(await rowsOf(world, sql`SELECT current_setting('TimeZone') AS zone`)).toEqual([{ zone: 'UTC' }]);
});
