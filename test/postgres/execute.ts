// One statement on a connection of its own, as creating and dropping databases wants it.
import { Client } from 'pg';

/** @returns how many rows it gave or changed */
export async function execute(url: string, statement: string): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rowCount ?? 0;
  } finally {
    await client.end();
  }
}
