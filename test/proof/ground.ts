// What the cells of a suite share: a database with two organizations, each with records to train on, and a provider
// that never answers.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { organizations } from '../../drizzle/schema.ts';
import type { Provider } from '../../server/finetuning/provider.ts';
import { type Database, openDatabase } from '../../server/storage/database.ts';
import { createDatabase } from '../postgres/database.ts';
import { storeOn } from '../store.ts';
import { type Engine, keeping } from './engine.ts';
import { dependenciesOf, serviceOf } from './installation.ts';
import { Time } from './time.ts';

/** Real milliseconds, until a request is given up that nobody will answer. */
const IMPATIENCE_MS = 200;
const ORGANIZATIONS = ['0'.repeat(24), '1'.repeat(24)];

/** Where a cell lives: its organization, and the connection that it trains for. */
export type Home = { organization: string; connectionId: string };

export type Ground = AsyncDisposable & {
  db: Database;
  url: string;
  /** Requests to it arrive nowhere, and are given up by the client's own time-out. */
  deaf(engine: Pick<Engine, 'at'>): Provider;
  /** A home for the next cell, and somebody of the other organization. */
  settleIn(): { home: Home; stranger: string };
};

export async function layGround(): Promise<Ground> {
  const resources = new AsyncDisposableStack();
  const { url } = resources.use(await createDatabase());
  const { db } = resources.use(await openDatabase({ url }, () => {}));
  const unheard = await listenDeafly(resources);
  const deaf: Ground['deaf'] = ({ at }) => at(unheard, { timeoutMs: IMPATIENCE_MS });
  const deps = dependenciesOf({
    store: storeOn(db),
    provider: deaf(keeping),
    clocks: resources.use(new Time()).clocks(),
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
    deaf,
    settleIn() {
      const [home, other] = homes;
      if (!home || !other) throw new Error('there is nowhere to live');
      homes.reverse();
      return { home, stranger: other.organization };
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** Takes connections and whatever comes over them. @returns its address */
async function listenDeafly(resources: AsyncDisposableStack): Promise<string> {
  const sockets = new Set<Disposable>();
  const server = createServer((socket) => {
    const destroyed = { [Symbol.dispose]: () => void socket.destroy() };
    sockets.add(destroyed);
    socket.resume().on('error', () => {});
    socket.once('close', () => sockets.delete(destroyed));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  resources.defer(() => {
    for (const socket of sockets) socket[Symbol.dispose]();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return `http://127.0.0.1:${address.port}/v1`;
}
