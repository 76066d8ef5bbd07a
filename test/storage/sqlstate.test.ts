// Which of the database's errors mean "ask again": by their SQLSTATE, as the database itself sends it.
import { expect, test } from 'vitest';
import { openDatabase } from '../../server/storage/database.ts';
import { tellingUnavailable } from '../../server/storage/unavailable.ts';
import { createDatabase } from '../postgres/database.ts';

const ASK_AGAIN: [code: string, what: string][] = [
  ['08006', 'a connection that failed'],
  ['08P01', 'what a pooler says that has no server left'],
  ['25006', 'a session that takes no writes'],
  ['28P01', 'a password that is being changed'],
  ['3D000', 'a database that is being restored'],
  ['40001', 'a serialization failure'],
  ['40P01', 'a deadlock'],
  ['53100', 'a full disk'],
  ['53200', 'no memory'],
  ['53300', 'too many connections'],
  ['55000', 'a database that takes no connections'],
  ['55P03', 'a lock that did not come'],
  ['57014', 'a statement that took too long'],
  ['57P01', 'a server that is told to stop'],
  ['57P02', 'a server that crashed'],
  ['57P03', 'a server that is starting'],
  ['58030', 'a disk that failed'],
];
const OURS: [code: string, what: string][] = [
  ['23505', 'a key that exists'],
  ['23514', 'a check that fails'],
  ['42501', 'a right that is missing'],
  ['42P01', 'a table that is missing'],
  ['P0001', 'a guard of ours'],
  ['XX001', 'data that is damaged'],
];

test('an error that the database would not meet again was told as 500', async () => {
  await using database = await createDatabase();
  await using opened = await openDatabase({ url: database.url }, () => {});
  const raised = (code: string) =>
    tellingUnavailable(() =>
      opened.db.transaction((tx) =>
        tx.execute(`DO $$ BEGIN RAISE EXCEPTION 'it is so' USING ERRCODE = '${code}'; END $$`),
      ),
    ).then(
      () => 'nothing',
      (error: unknown) => Object(error).code ?? 'another error',
    );
  const told = async (cases: [string, string][]) =>
    Object.fromEntries(await Promise.all(cases.map(async ([code, what]) => [what, await raised(code)])));
  const all = (cases: [string, string][], answer: string) =>
    Object.fromEntries(cases.map(([, what]) => [what, answer]));
  expect(await told(ASK_AGAIN)).toEqual(all(ASK_AGAIN, 'unavailable'));
  expect(await told(OURS)).toEqual(all(OURS, 'another error'));
});
