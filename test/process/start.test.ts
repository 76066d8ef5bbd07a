// What a newcomer and an operator see: the start, its refusals, the stop.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startChild } from './child.ts';

async function dataDirectory() {
  const path = await mkdtemp(join(tmpdir(), 'goldtune-start-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

test('a start with nothing configured prints a curl that works as it stands, and SIGTERM ends it with 0', async () => {
  await using directory = await dataDirectory();
  await using child = startChild({ PORT: '0', DATA_DIR: directory.path, LOG_LEVEL: 'warn' });
  const url = await child.url;
  await expect.poll(() => child.printed(), { timeout: 20_000 }).toContain('my_model"}\'');
  const body = /-d '(.+)'/.exec(child.printed())?.[1];
  const response = await fetch(`${url}/api/v1/finetunings`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: body ?? '',
  });
  expect(response.status).toBe(201);
  expect(child.printed()).toContain('sandbox');

  child.process.kill('SIGTERM');
  expect(await child.ended).toEqual({ code: 0, signal: null });
});

test('a second process on the same data directory is told so in one line, and the first goes on', async () => {
  await using directory = await dataDirectory();
  const env = { PORT: '0', DATA_DIR: directory.path, LOG_LEVEL: 'silent' };
  await using first = startChild(env);
  const url = await first.url;
  await using second = startChild(env);
  expect(await second.ended).toEqual({ code: 1, signal: null });
  expect(second.printed().trim().split('\n')).toHaveLength(1);
  expect(second.printed()).toContain('is in use by another goldtune process');
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

test('the data directory is free again after a kill', async () => {
  await using directory = await dataDirectory();
  const env = { PORT: '0', DATA_DIR: directory.path, LOG_LEVEL: 'silent' };
  await using first = startChild(env);
  await first.url;
  first.process.kill('SIGKILL');
  await first.ended;
  await using second = startChild(env);
  await second.url;
});

test.each([
  [{ PORT: 'eighty' }, 'PORT'],
  [{ HOST: '0.0.0.0' }, 'ADMIN_API_KEY'],
  [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL'],
  [{ OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' }, 'OPENAI_API_KEY'],
  [{ ROLE: 'worker' }, 'DATABASE_URL'],
  [{ CANCEL_WAIT_MS: '-1' }, 'CANCEL_WAIT_MS'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
  [{ ADMIN_API_KEY: 'short' }, 'ADMIN_API_KEY'],
])('a bad value stops the start with one clear line: %j', async (env, named) => {
  await using directory = await dataDirectory();
  await using child = startChild({ PORT: '0', DATA_DIR: directory.path, ...env });
  expect(await child.ended).toEqual({ code: 1, signal: null });
  expect(child.printed().trim().split('\n')).toHaveLength(1);
  expect(child.printed()).toContain(named);
});

test('a database that cannot be reached stops the start with one clear line', async () => {
  await using directory = await dataDirectory();
  await using child = startChild({ PORT: '0', DATA_DIR: directory.path, DATABASE_URL: 'postgres://127.0.0.1:1/none' });
  expect(await child.ended).toEqual({ code: 1, signal: null });
  expect(child.printed().trim().split('\n')).toHaveLength(1);
  expect(child.printed()).toContain('DATABASE_URL');
});
