// Migrations at start, by several processes at once.
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { migrate } from '../../server/storage/migrate.ts';
import { createDatabase } from '../postgres/database.ts';

test('eight processes that start on an empty database at once migrate it once', async () => {
  await using database = await createDatabase();
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query('drop schema public cascade; drop schema drizzle cascade; create schema public');
    await Promise.all(Array.from({ length: 8 }, () => migrate(database.url)));
    const { rows } = await client.query('select count(*)::int as n from drizzle.__drizzle_migrations');
    expect(rows).toEqual([{ n: 4 }]);
  } finally {
    await client.end();
  }
});
