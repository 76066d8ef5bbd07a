// One statement on a connection of its own, as creating and dropping databases wants it.
import { Client, type QueryResult } from 'pg';

/** @returns how many rows it gave or changed */
export const execute = async (url: string, statement: string): Promise<number> =>
  (await query(url, statement)).rowCount ?? 0;

/** @returns the rows it gave */
export const rowsOf = async (url: string, statement: string): Promise<Record<string, unknown>[]> =>
  (await query(url, statement)).rows;

async function query(url: string, statement: string): Promise<QueryResult> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(statement);
  } finally {
    await client.end();
  }
}
