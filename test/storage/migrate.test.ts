// Migrations at start, by several processes at once.
import { readFile } from 'node:fs/promises';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { createDatabase } from '../postgres/database.ts';
import { prepareDatabase } from '../prepare.ts';

const journal = new URL('../../drizzle/migrations/meta/_journal.json', import.meta.url);

test('eight processes that start on an empty database at once migrate it once', async () => {
  await using database = await createDatabase();
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query(
      'drop schema public cascade; drop schema drizzle cascade; drop schema pgboss cascade; create schema public',
    );
    await Promise.all(Array.from({ length: 8 }, () => prepareDatabase({ url: database.url })));
    const { entries } = JSON.parse(await readFile(journal, 'utf8'));
    const { rows } = await client.query('select count(*)::int as n from drizzle.__drizzle_migrations');
    expect(rows).toEqual([{ n: entries.length }]);
  } finally {
    await client.end();
  }
});
