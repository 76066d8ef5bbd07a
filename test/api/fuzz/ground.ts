// A world to knock at: things of each kind in it, a key that may do all, one that may only look, and nobody who works.
import { workerSigns } from '../../../drizzle/schema.ts';
import { startWorld, type World } from '../../world.ts';
import { all, type Thing, type Things } from './marks.ts';
import { type Rows, rowsOf } from './rows.ts';

export type Ground = AsyncDisposable & {
  world: World;
  admin: string;
  reader: string;
  rows: Rows;
  present: () => Things;
  /** Puts another in the place of what may have been stopped or deleted. */
  restock: (thing: Thing) => Promise<void>;
};

const ADMIN_API_KEY = 'a-secret-of-the-test';
/** On Postgres no worker runs, so that nothing goes on by itself; the embedded database serves one process, with a worker. */
const isQuiet = process.env['TEST_DATABASE'] === 'postgres';

export async function ground(): Promise<Ground> {
  await using resources = new AsyncDisposableStack();
  const world = resources.use(await startWorld());
  const run = await world.createIn('running');
  const ended = await world.createIn('succeeded');
  const reader = await world.trpc.keys.create.mutate({ name: 'a reader', scopes: ['read'] });
  await world.stop();
  Object.assign(world.env, {
    ADMIN_API_KEY,
    CANCEL_WAIT_MS: '0',
    POLL_INTERVAL_MS: '3600000',
    RATE_LIMIT_PER_MINUTE: '0',
    STOP_LIMIT_PER_MINUTE: '0',
    ...(isQuiet ? { ROLE: 'web' } : {}),
  });
  await world.start();
  // Nobody says of a run that no worker goes on with it.
  if (isQuiet) await world.app.db.update(workerSigns).set({ seen_at: '2999-01-01T00:00:00.000Z' });
  const ask = async (method: string, path: string, body?: unknown) => {
    const answer = await world.request(method, path, body, { authorization: `Bearer ${ADMIN_API_KEY}` });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return Object(answer.body);
  };
  let made = 0;
  /** Another of its kind. */
  const another = async (thing: Thing, there: Partial<Things>): Promise<Partial<Things>> => {
    const { connection } = there;
    switch (thing) {
      case 'connection':
      case 'spare':
        return { [thing]: (await ask('POST', '/api/v1/database-connections', { alias: thing })).id };
      case 'record': {
        const records = Array.from({ length: 10 }, () => ({
          ...{ prompt_text: `How many ${++made}?`, sql: `SELECT ${made}`, db_connection_id: connection },
        }));
        return { record: (await ask('POST', '/api/v1/golden-sqls', records))[0].id };
      }
      case 'run':
      case 'ended':
        return { run: (await ask('POST', '/api/v1/finetunings', { db_connection_id: connection })).id };
      case 'key':
        return { key: (await ask('POST', '/api/v1/keys', { name: 'there', scopes: ['read'] })).id };
      case 'endpoint':
      case 'delivery': {
        const path = '/api/v1/webhook-endpoints';
        // There may be twenty.
        for (const { id } of await ask('GET', path)) await ask('DELETE', `${path}/${id}`);
        const endpoint = await ask('POST', path, { url: 'https://localhost:1/' });
        return { endpoint: endpoint.id, delivery: (await ask('POST', `${path}/${endpoint.id}/ping`)).id };
      }
      case 'bulk':
        return { bulk: (await ask('POST', '/api/v1/bulk-cancels', { ids: [there.ended] })).id };
      default:
        return thing satisfies never;
    }
  };
  let present: Partial<Things> = { run: run.id, ended: ended.id };
  for (const thing of ['connection', 'spare', 'record', 'key', 'endpoint', 'bulk'] as const) {
    present = { ...present, ...(await another(thing, present)) };
  }
  const held = resources.move();
  return {
    ...{ world, admin: ADMIN_API_KEY, reader: reader.key, rows: await rowsOf(world.app.db, isQuiet) },
    present: () => all.parse(present),
    async restock(thing) {
      present = { ...present, ...(await another(thing, present)) };
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
