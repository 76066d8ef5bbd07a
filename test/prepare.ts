// A database with all that goldtune makes at its first start, for the tests to copy.
import { openDatabase } from '../server/storage/database.ts';
import { openQueue } from '../server/worker/queue.ts';

export async function prepareDatabase(where: Parameters<typeof openDatabase>[0]): Promise<void> {
  await using database = await openDatabase(where, (error) => {
    throw error;
  });
  await using _ = await openQueue(database, { info() {}, warn() {}, error() {} });
}
