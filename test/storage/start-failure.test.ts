// A database that cannot serve goldtune stops the start, with one line that says why and what mends it.
import { expect, test } from 'vitest';
import { openDatabase } from '../../server/storage/database.ts';
import { createDatabase } from '../postgres/database.ts';
import { execute } from '../postgres/execute.ts';
import { openSharingPooler } from '../postgres/sharing-pooler.ts';

async function failure(url: string): Promise<string> {
  try {
    await using _ = await openDatabase({ url }, () => {});
    return 'it started';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test('a pooler that shares sessions between connections is named', async () => {
  await using database = await createDatabase();
  await using pooler = await openSharingPooler(database.url);
  expect(await failure(pooler.url)).toMatch(
    /^goldtune cannot use the database of DATABASE_URL: it is reached through a pooler that shares sessions .*pool_mode = session/,
  );
});

test('a database in an encoding that cannot keep every text is named', async () => {
  await using database = await createDatabase();
  const name = `${new URL(database.url).pathname.slice(1)}_latin`;
  await execute(database.url, `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'`);
  try {
    const url = new URL(database.url);
    url.pathname = `/${name}`;
    expect(await failure(url.href)).toContain('it is encoded in LATIN1; make one with CREATE DATABASE');
  } finally {
    await execute(database.url, `DROP DATABASE ${name} WITH (FORCE)`);
  }
});

test('a failed start names the cause, and never the password', async () => {
  await using database = await createDatabase();
  const url = new URL(database.url);
  url.password = 'correct-horse';
  const missing = new URL(url);
  missing.pathname = '/no_such_database';
  const nobody = new URL(url);
  nobody.port = '1';
  const said = [await failure(missing.href), await failure(nobody.href), await failure(`${url.href}?sslmode=on`)];
  expect(said).toEqual([
    'goldtune cannot use the database of DATABASE_URL: database "no_such_database" does not exist',
    expect.stringContaining('connect ECONNREFUSED 127.0.0.1:1'),
    expect.stringContaining('sslmode=on is none of'),
  ]);
  expect(said.join()).not.toContain('correct-horse');
});
