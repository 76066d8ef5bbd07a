// The database may close any connection at any moment.
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { openDatabase } from '../../server/storage/database.ts';
import { createDatabase } from '../postgres/database.ts';
import { execute } from '../postgres/execute.ts';
import { until } from '../until.ts';

test('a connection that is lost in the middle of a transaction fails that transaction, not the process', async () => {
  await using database = await createDatabase();
  const lost: Error[] = [];
  await using opened = await openDatabase({ url: database.url }, (error) => lost.push(error));
  const transaction = opened.db.transaction(async (tx) => {
    const { rows } = Object(await tx.execute(sql`select pg_backend_pid() as pid`));
    await execute(database.url, `select pg_terminate_backend(${rows[0].pid})`);
    await until(() => lost.length > 0, 'the loss is noticed');
    await tx.execute(sql`select 1`);
  });
  await expect(transaction).rejects.toThrow();
  expect(Object(await opened.db.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
});
