// One statement on a connection of its own, as creating and dropping databases wants it.
import { Client } from 'pg';

export async function execute(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
