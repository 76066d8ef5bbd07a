// How often what is asked of goldtune waits for the database, counted on the wire between them.
import { eq, inArray } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { events, finetunings } from '../../drizzle/schema.ts';
import { createDatabase } from '../postgres/database.ts';
import { type FaultyLine, openFaultyLine } from '../postgres/faulty-line.ts';
import { bodyOf, startWorld, type World } from '../world.ts';

/** Of those who ask; what goes on in the background has others. */
const CONNECTIONS = ['goldtune', 'goldtune-stops'];

let world: World & AsyncDisposable;
let line: FaultyLine;
let connection: string;
const resources = new AsyncDisposableStack();

beforeAll(async () => {
  const database = resources.use(await createDatabase());
  line = resources.use(await openFaultyLine(database.url));
  // Nobody works on the runs: none is ever submitted.
  // What is asked for is counted, and nobody waits for it.
  const limits = { RATE_LIMIT_PER_MINUTE: '100000', STOP_LIMIT_PER_MINUTE: '100000' };
  world = resources.use(await startWorld({ env: { DATABASE_URL: line.url, ROLE: 'web', ...limits } }));
  connection = (await world.seed()).connection.id;
});
afterAll(() => resources.disposeAsync());

beforeEach(() => {
  line.breakBy(null);
});

const create = () => world.trpc.finetunings.create.mutate({ db_connection_id: connection });

/** The fewest for any of them: now and then the process looks for workers meanwhile. */
async function roundTripsOf(runs: readonly { id: string }[], ask: (id: string) => Promise<unknown>): Promise<number> {
  const counts: number[] = [];
  for (const { id } of runs) {
    line.breakBy(null);
    await ask(id);
    counts.push(CONNECTIONS.reduce((sum, name) => sum + line.roundTrips(name), 0));
  }
  return Math.min(...counts);
}

const several = async () => [await create(), await create(), await create()];

test('a cancel of a run that was never submitted waits for the database twice: it reads, and writes', async () => {
  const [byTrpc, overRest] = [await several(), await several()];
  expect(await roundTripsOf(byTrpc, (id) => world.trpc.finetunings.cancel.mutate({ id }))).toBe(2);
  expect(await roundTripsOf(overRest, async (id) => bodyOf(await world.cancel(id), 200))).toBe(2);
  for (const { id } of [...byTrpc, ...overRest]) {
    const [row] = await world.app.db.select().from(finetunings).where(eq(finetunings.id, id));
    // Nothing is left to do, and so nobody was told of it.
    expect(row).toMatchObject({ status: 'cancelled', evidence: 'never_submitted', version: 2, due_at: null });
    const told = await world.app.db.select().from(events).where(eq(events.finetuning_id, id)).orderBy(events.version);
    expect(told.map(({ type }) => type)).toEqual(['created', 'cancelled']);
  }
});

test('the cancels of a hundred runs wait for the database twice: all are read, and all are written', async () => {
  const runs = await Promise.all(Array.from({ length: 100 }, create));
  const ids = runs.map(({ id }) => id);
  line.breakBy(null);
  const answers = await world.trpc.finetunings.cancelMany.mutate({ ids, reason: 'too dear' });
  expect(line.roundTrips('goldtune-stops')).toBe(2);
  expect(answers.map(({ id, finetuning }) => [id, finetuning?.status])).toEqual(ids.map((id) => [id, 'cancelled']));
  const stored = await world.app.db.select().from(finetunings).where(inArray(finetunings.id, ids));
  expect(stored.filter((row) => row.status === 'cancelled' && row.due_at === null && row.version === 2)).toHaveLength(
    100,
  );
  const told = await world.app.db.select().from(events).where(inArray(events.finetuning_id, ids));
  expect(told.filter(({ type }) => type === 'cancelled')).toHaveLength(100);
});

test('a run is shown, with its records, after one', async () => {
  expect(await roundTripsOf(await several(), (id) => world.get(id))).toBe(1);
});

test('a page of a list comes after one, and over REST after another, which tells whether there is a next', async () => {
  const runs = await several();
  expect(await roundTripsOf(runs, () => world.trpc.finetunings.list.query({ limit: 2 }))).toBe(1);
  const overRest = async () => bodyOf(await world.request('GET', '/api/v1/finetunings?limit=2'), 200);
  expect(await roundTripsOf(runs, overRest)).toBe(2);
});
