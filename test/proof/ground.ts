// The database that the cells of a suite share: two organizations, each with records to train on.
import { organizations } from '../../drizzle/schema.ts';
import { type Database, openDatabase } from '../../server/storage/database.ts';
import { createStore } from '../../server/storage/store.ts';
import { createDatabase } from '../postgres/database.ts';
import { dependenciesOf, providerAt, serviceOf } from './installation.ts';

const ORGANIZATIONS = ['0'.repeat(24), '1'.repeat(24)];

/** Where a cell lives: its organization, and the connection that it trains for. */
export type Home = { organization: string; connectionId: string };

export type Ground = AsyncDisposable & {
  db: Database;
  url: string;
  /** A home for the next cell, and somebody of the other organization. */
  settleIn(): { home: Home; stranger: string };
};

export async function layGround(): Promise<Ground> {
  const resources = new AsyncDisposableStack();
  const { url } = resources.use(await createDatabase());
  const { db } = resources.use(await openDatabase({ url }, () => {}));
  const deps = dependenciesOf({
    store: createStore(db, async () => {}),
    provider: providerAt('http://127.0.0.1:9'),
  });
  const homes: Home[] = [];
  for (const organization of ORGANIZATIONS) {
    const created_at = deps.clock();
    await db.insert(organizations).values({ id: organization, name: organization, created_at }).onConflictDoNothing();
    const service = serviceOf(deps, organization);
    const connection = await service.dbConnections.create({ alias: 'library', dialect: 'sqlite', schema_sql: '' });
    await service.goldenRecords.add(
      Array.from({ length: 10 }, (_, index) => ({
        prompt_text: `question ${index}`,
        sql: `SELECT ${index}`,
        db_connection_id: connection.id,
      })),
    );
    homes.push({ organization, connectionId: connection.id });
  }
  return {
    db,
    url,
    settleIn() {
      const [home, other] = homes;
      if (!home || !other) throw new Error('there is nowhere to live');
      homes.reverse();
      return { home, stranger: other.organization };
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
