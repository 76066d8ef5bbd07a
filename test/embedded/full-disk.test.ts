// The disk of the embedded database fills: what needs to be written is refused in words, all else is served, and nothing
// that was acknowledged is lost.
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { expect, inject, test } from 'vitest';
import { startChild } from '../process/child.ts';
import { until } from '../until.ts';
import { bodyOf, startWorld, type World } from '../world.ts';
import { mayMount, mountSmallDisk } from './small-disk.ts';
import { copyTemplate, startedBefore } from './template.ts';

/** Room for the database, its reserve, and little else. */
const SIZE_MB = 100;
/** More than what is refused for, and less than one more import. */
const LITTLE_MB = 16;

if (!mayMount) console.warn('this machine lets nobody mount a small file system: what a full disk does is not tried');
const whereMounted = test.skipIf(!mayMount);

async function smallDisk() {
  const disk = await mountSmallDisk(SIZE_MB);
  copyTemplate(inject('embeddedTemplate'), disk.path);
  return disk;
}

const isReady = async (world: World) => (await world.request('GET', '/readyz')).status === 200;

whereMounted('a full disk ended in a process that spun, answered nobody and could not be stopped', async () => {
  await using disk = await smallDisk();
  await using world = await startWorld({ env: { DATA_DIR: disk.path } });
  const run = await world.createIn('running');
  const connection = run.db_connection_id;
  const record = { prompt_text: 'How many?', sql: 'SELECT 1', db_connection_id: connection };

  await disk.fill();
  const ready = await world.request('GET', '/readyz');
  expect(ready).toMatchObject({ status: 503, body: { status: expect.stringContaining('the disk is full') } });
  for (const answer of [
    await world.cancel(run.id),
    await world.request('DELETE', `/api/v1/finetunings/${run.id}`),
    await world.request('POST', '/api/v1/golden-sqls', [record]),
    await world.request('POST', '/api/v1/finetunings', { db_connection_id: connection }),
  ]) {
    expect(answer).toMatchObject({ status: 503, body: { detail: expect.stringContaining('the disk is full') } });
    expect(answer.headers.get('retry-after')).toBe('2');
  }
  await expect(world.trpc.finetunings.cancel.mutate({ id: run.id })).rejects.toThrow(
    /the disk is full, so this cancel is not recorded/,
  );
  expect(bodyOf(await world.request('GET', '/healthz'), 200)).toEqual({ status: 'ok' });
  for (const path of ['/api/v1/finetunings', `/api/v1/finetunings/${run.id}`, `/api/v1/finetunings/${run.id}/events`]) {
    expect((await world.request('GET', path)).status).toBe(200);
  }

  disk.empty();
  await world.until(() => isReady(world), 'it is ready again');
  expect(bodyOf(await world.cancel(run.id), 200)).toMatchObject({ status: 'cancelled' });
});

whereMounted(
  'what fills the disk all at once ends the database, which starts anew with all that was acknowledged',
  async () => {
    await using disk = await smallDisk();
    await using world = await startWorld({ env: { DATA_DIR: disk.path } });
    const run = await world.createIn('running');
    const cancelled = await world.createIn('cancelled');
    await disk.fill(LITTLE_MB);
    await world.until(() => isReady(world), 'it is still ready');

    // More of its log than there is room for.
    const filling = world.app.db.execute(
      sql`SELECT count(pg_logical_emit_message(false, 'test', repeat('x', 1000000))) FROM generate_series(1, 100)`,
    );
    await expect(filling).rejects.toMatchObject({ cause: { code: '53100', severity: 'PANIC' } });
    const reads = async () => (await world.request('GET', `/api/v1/finetunings/${run.id}`)).status === 200;
    await world.until(reads, 'what is stored can be read');
    await world.until(async () => {
      await disk.fill();
      const { status, body } = await world.request('GET', '/readyz');
      return status === 503 && JSON.stringify(body).includes('the disk is full');
    }, 'it says that the disk is full');
    expect((await world.request('GET', `/api/v1/finetunings/${run.id}`)).status).toBe(200);

    disk.empty();
    await world.until(() => isReady(world), 'it is ready again');
    expect((await world.get(cancelled.id)).status).toBe('cancelled');
    expect(bodyOf(await world.cancel(run.id), 200)).toMatchObject({ status: 'cancelled' });
  },
);

whereMounted('a process on a full disk hears SIGTERM, and the next start on it says what is missing', async () => {
  await using disk = await smallDisk();
  const env = { PORT: '0', DATA_DIR: disk.path };
  await using child = startChild(env);
  const url = await child.url;
  await until(() => child.printed().includes('my_model'), 'the sample is made');
  await disk.fill();
  await until(async () => (await fetch(`${url}/readyz`)).status === 503, 'it is not ready');
  child.process.kill('SIGTERM');
  expect(await child.ended).toEqual({ code: 0, signal: null });
  await using again = startChild(env);
  expect(await again.ended).toMatchObject({ code: 1 });
  expect(again.printed()).toContain('disk is full');
});

whereMounted(
  'a log on a full disk ended the process with its first line: it serves, and writes on when there is room',
  async () => {
    await using disk = await mountSmallDisk(1);
    await using directory = await startedBefore();
    const log = join(disk.path, 'log');
    await using file = await open(log, 'a');
    await using child = startChild({ PORT: '0', DATA_DIR: directory.path }, file.fd);
    const url = await child.url;
    await disk.fill();
    for (let asked = 0; asked < 10; asked++) expect((await fetch(`${url}/api/v1/finetunings`)).status).toBe(200);
    disk.empty();
    const written = async () => (await readFile(log, 'utf8')).includes('/openapi.json');
    await until(async () => (await fetch(`${url}/openapi.json`)).ok && written(), 'what is logged now is written');
  },
);

test('the log of the database grew with each write until the process ended', async () => {
  await using world = await startWorld();
  const logFiles = async () => {
    const { rows } = Object(await world.app.db.execute(sql`SELECT count(*)::int AS n FROM pg_ls_waldir()`));
    return rows[0].n;
  };
  // Ten times what is kept of it.
  const writes = sql`WITH written AS (SELECT pg_logical_emit_message(false, 'test', repeat('x', 1000000)) FROM generate_series(1, 10)) SELECT count(*) FROM written`;
  for (let round = 0; round < 20; round++) await world.app.db.execute(writes);
  await world.until(async () => (await logFiles()) <= 10, 'its files are few again');
});
