// A database password of any characters, from a file: it logs in at a server that asks for it.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeLiteral } from 'pg';
import { expect, test } from 'vitest';
import { readConfig } from '../../server/config.ts';
import { openDatabase } from '../../server/storage/database.ts';
import { execute } from '../postgres/execute.ts';
import { startPostgres } from '../postgres/server.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const passwords = ['p@ss:w/rd#%', '%41 & ?=+', `'"\\$x{}`, 'pässwörd'];

test('a password of any characters logs in, and a wrong one does not', async () => {
  await using server = await startPostgres();
  await using directory = await temporaryDirectory();
  await execute(server.url(), 'CREATE ROLE goldtune LOGIN');
  await execute(server.url(), 'CREATE DATABASE goldtune OWNER goldtune');
  const rules = join(server.home, 'data/pg_hba.conf');
  await writeFile(rules, `host all goldtune 127.0.0.1/32 scram-sha-256\n${await readFile(rules, 'utf8')}`);
  await execute(server.url(), 'SELECT pg_reload_conf()');

  const DATABASE_PASSWORD_FILE = join(directory.path, 'password');
  const DATABASE_URL = server.url('goldtune').replace('postgres@', 'goldtune@');
  const userWith = async (password: string) => {
    await writeFile(DATABASE_PASSWORD_FILE, `${password}\n`);
    const { DATABASE_URL: url = '' } = readConfig({ DATABASE_URL, DATABASE_PASSWORD_FILE });
    await using database = await openDatabase({ url }, () => {});
    const { rows } = Object(await database.db.execute('SELECT current_user AS user'));
    return rows[0].user;
  };
  for (const password of passwords) {
    await execute(server.url(), `ALTER ROLE goldtune PASSWORD ${escapeLiteral(password)}`);
    expect([password, await userWith(password)]).toEqual([password, 'goldtune']);
  }
  await expect(userWith('wrong'), 'the server does ask for it').rejects.toThrow('password authentication failed');
});
