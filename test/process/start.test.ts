// What a newcomer and an operator see: the start, its refusals, the stop.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { startedBefore } from '../embedded/template.ts';
import { createDatabase } from '../postgres/database.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { until } from '../until.ts';
import { type Child, startChild, startProcess } from './child.ts';
import { END_OF_START } from './start-each.ts';

const STARTS = fileURLToPath(new URL('start-each.ts', import.meta.url));

test('a start with nothing configured names every address and prints a curl that works as it stands', async () => {
  await using directory = await temporaryDirectory();
  await using child = startChild({ PORT: '0', DATA_DIR: directory.path });
  const url = await child.url;
  // It takes some seconds before anything listens: somebody is waiting for it.
  expect(child.printed()).toMatch(/making the embedded database, once.*\n(.*\n)*.*listens on/);
  const created = await sendPrinted(child);
  expect(created.status).toBe(201);
  const [first] = z.array(z.object({ message: z.string() })).parse(await created.events());
  expect(first?.message).toContain('in the sandbox, which trains nothing');
  expect(child.printed()).toContain('sandbox: nothing is trained, nothing is billed');
  const named = [...child.printed().matchAll(/^ {2}(?:API|docs) +(\S+)$/gm)].map(([, address]) => address ?? '');
  expect(named).toEqual([`${url}/openapi.json`, `${url}/docs`]);
  for (const address of named) expect((await fetch(address)).status).toBe(200);
});

test('the curl still works after somebody added a connection of his own, without records, and restarted', async () => {
  await using directory = await startedBefore();
  const env = { PORT: '0', DATA_DIR: directory.path, LOG_LEVEL: 'warn' };
  await using child = startChild(env);
  const url = await child.url;
  await until(() => child.printed().includes('my_model'), 'the sample is loaded');
  const added = await fetch(`${url}/api/v1/database-connections`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ alias: 'library' }),
  });
  expect(added.status).toBe(201);
  child.process.kill('SIGTERM');
  await child.ended;
  await using again = startChild(env);
  expect((await sendPrinted(again)).status).toBe(201);
});

/** Sends the request that the greeting prints. */
async function sendPrinted(child: Child): Promise<{ status: number; events: () => Promise<unknown> }> {
  const url = await child.url;
  const body = await until(() => /-d '(.+)'/.exec(child.printed())?.[1] ?? null, 'the curl is printed');
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/api/v1/finetunings`, { method: 'POST', headers, body });
  const { id } = z.object({ id: z.string() }).parse(await response.json());
  const events = async () => (await fetch(`${url}/api/v1/finetunings/${id}/events`)).json();
  return { status: response.status, events };
}

test('a second process on the same data directory is told so in one line, and the first goes on', async () => {
  await using directory = await startedBefore();
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
  await using directory = await startedBefore();
  const env = { PORT: '0', DATA_DIR: directory.path, LOG_LEVEL: 'silent' };
  await using first = startChild(env);
  await first.url;
  first.process.kill('SIGKILL');
  await first.ended;
  await using second = startChild(env);
  await second.url;
});

const refusals: [env: Record<string, string>, named: string][] = [
  [{ PORT: 'eighty' }, 'PORT'],
  [{ HOST: '0.0.0.0' }, 'ADMIN_API_KEY'],
  [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL'],
  [{ OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' }, 'OPENAI_API_KEY'],
  [{ ROLE: 'worker' }, 'DATABASE_URL'],
  [{ CANCEL_WAIT_MS: '-1' }, 'CANCEL_WAIT_MS'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
  [{ ADMIN_API_KEY: 'short' }, 'ADMIN_API_KEY'],
  [{ OPENAI_API_KEY: 'sk-first-key\nsk-second-key' }, 'OPENAI_API_KEY: holds a line break'],
  [{ OPENAI_API_KEY: 'key', HTTPS_PROXY: 'ftp://proxy' }, 'HTTPS_PROXY'],
  [{ DEFAULT_MODEL: 'gpt-9' }, 'DEFAULT_MODEL: unknown model "gpt-9"; known models: gpt-4.1-2025-04-14, gpt-4.1,'],
  [
    { DEFAULT_MODEL: 'gpt-9', OPENAI_API_KEY: 'key', OPENAI_BASE_URL: 'http://127.0.0.1:1/v1' },
    'DEFAULT_MODEL: unknown model "gpt-9"',
  ],
  [{ PROVIDERS_FILE: '/none' }, 'PROVIDERS_FILE /none: is not there'],
  [{ AZURE_OPENAI_API_KEY: 'key' }, 'AZURE_OPENAI_ENDPOINT'],
  [{ DATA_DIR: '/proc/x' }, 'DATA_DIR'],
  [{ DATA_DIR: '/proc' }, 'DATA_DIR'],
  [{ DATA_DIR: '/dev/null/x' }, 'DATA_DIR'],
  [{ HOST: '192.0.2.1', ADMIN_API_KEY: 'a-key-of-some-length' }, 'HOST 192.0.2.1'],
];

describe('a bad value stops the start with one clear line:', () => {
  // A process takes a second to load: all of them in one, as main.ts does it.
  let printed: readonly string[];
  beforeAll(async () => {
    await using directory = await temporaryDirectory();
    const given = refusals.map(([env]) => ({ PORT: '0', DATA_DIR: directory.path, LOG_LEVEL: 'warn', ...env }));
    await using child = startProcess([STARTS, JSON.stringify(given)]);
    expect(await child.ended).toEqual({ code: 0, signal: null });
    printed = child.printed().split(END_OF_START);
  });

  test.each(refusals.map(([env, named], index) => [JSON.stringify(env), named, index] as const))(
    '%s',
    (_env, named, index) => {
      expect(printed[index]?.trim().split('\n')).toEqual([expect.stringContaining(named)]);
    },
  );
});

test('and ends it with 1', async () => {
  await using directory = await temporaryDirectory();
  await using child = startChild({ PORT: 'eighty', DATA_DIR: directory.path });
  expect(await child.ended).toEqual({ code: 1, signal: null });
  expect(child.printed()).toMatch(/^goldtune cannot start: PORT: .*\n$/);
});

test('a database that cannot be reached stops the start with one clear line', async () => {
  await using directory = await temporaryDirectory();
  await using child = startChild({ PORT: '0', DATA_DIR: directory.path, DATABASE_URL: 'postgres://127.0.0.1:1/none' });
  expect(await child.ended).toEqual({ code: 1, signal: null });
  expect(child.printed().trim().split('\n')).toHaveLength(1);
  expect(child.printed()).toContain('DATABASE_URL');
});

test('a port that is taken stops the start with one clear line', async () => {
  await using directory = await temporaryDirectory();
  await using database = await createDatabase();
  const env = { DATA_DIR: directory.path, DATABASE_URL: database.url, LOG_LEVEL: 'silent' };
  await using first = startChild({ ...env, PORT: '0' });
  const { port } = new URL(await first.url);
  await using second = startChild({ ...env, PORT: port });
  expect(await second.ended).toEqual({ code: 1, signal: null });
  expect(second.printed().trim().split('\n')).toEqual([
    `goldtune cannot start: port ${port} on 127.0.0.1 is in use by another program; set PORT to a free one (0 takes any).`,
  ]);
});

test.each([
  ['a file', '', 'choose another DATA_DIR'],
  ['a directory whose sandbox.sqlite is something else', 'sandbox.sqlite', 'Move that file away'],
])('a DATA_DIR that is %s stops the start with one clear line', async (_, name, advice) => {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, name || 'file');
  await writeFile(path, 'something else that somebody keeps here');
  await using child = startChild({ PORT: '0', DATA_DIR: name ? directory.path : path });
  expect(await child.ended).toEqual({ code: 1, signal: null });
  expect(child.printed().trim().split('\n')).toHaveLength(1);
  expect(child.printed()).toContain(path);
  expect(child.printed()).toContain(advice);
});
