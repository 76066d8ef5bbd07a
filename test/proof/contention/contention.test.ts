// Many callers at once on two servers: one key makes one run, one run ends once, and every answer is a true one.
import { setTimeout as pause } from 'node:timers/promises';
import { isNotNull } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finetunings } from '../../../drizzle/schema.ts';
import { type App, startApp } from '../../../server/app.ts';
import { readConfig } from '../../../server/config.ts';
import { expectSettled } from '../../picture.ts';
import { until } from '../../until.ts';
import { startWorld } from '../../world.ts';
import { keepingEvidence } from '../evidence.ts';
import { atLevel, LONGEST_MS } from '../level.ts';
import { progressOf } from '../progress.ts';
import { reportWhenPassed } from '../report.ts';
import { chance, seedOf } from '../seed.ts';
import { sideBySide } from '../side-by-side.ts';
import { Sometimes } from '../sometimes.ts';

const ROUNDS = atLevel({ small: 2, proof: 20, deep: 1000 });
const AT_ONCE = 4;
const CREATES = 50;
const ACTS = 64;
const RETRY_MS = 100;

type Answer = { status: number; body: Record<string, unknown> };
type Act = 'cancel' | 'delete' | 'get';

/** What each act may be answered with, while others do the same. */
const truthful: Record<Act, readonly number[]> = { cancel: [200, 202, 404], delete: [200, 202, 404], get: [200, 404] };

describe('with everybody at it at once', () => {
  const seen = new Sometimes('lost notification saved by the sweep');
  let rounds = 0;
  const resources = new AsyncDisposableStack();
  let world: Awaited<ReturnType<typeof startWorld>>;
  let servers: App[];
  let connection: { id: string };
  const log: string[] = [];

  beforeAll(async () => {
    world = resources.use(await startWorld());
    // What a machine that is starved lets wait too long is told as such, and asked for again.
    // By its code: the queue hands on a copy of an error, which is of no class.
    const isStarved = ({ err }: Record<string, unknown>) => Object(err).code === 'unavailable';
    const note = (fields: Record<string, unknown>, message: string) => {
      if (!isStarved(fields)) log.push(`${message}: ${Object(fields['err']).message}`);
    };
    // The other server tells nobody of what it stores.
    const options = { log: { info() {}, warn: note, error: note }, version: 'test', notify: false };
    servers = [world.app, resources.use(await startApp(readConfig(world.env), options))];
    ({ connection } = await world.seed());
  });
  afterAll(() => resources.disposeAsync());
  reportWhenPassed('contention', () => ({ rounds, creates: rounds * CREATES, acts: rounds * ACTS, ...seen.counts }));

  /** A machine that is starved keeps callers waiting for a connection, and says 503: they ask again. */
  const ask = async (at: number, method: string, path: string, body?: unknown, headers = {}): Promise<Answer> => {
    for (;;) {
      const response = await fetch(`${servers[at % servers.length]?.url}/api/v1/finetunings${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer = { status: response.status, body: Object(await response.json()) };
      if (answer.status !== 503 || !response.headers.has('retry-after')) return answer;
      await pause(RETRY_MS);
    }
  };
  const acting: Record<Act, (at: number, id: string) => Promise<Answer>> = {
    cancel: (at, id) => ask(at, 'POST', `/${id}/cancel`, {}),
    delete: (at, id) => ask(at, 'DELETE', `/${id}`),
    get: (at, id) => ask(at, 'GET', `/${id}`),
  };

  it('every round ends with one run, one job at most, and nothing left over', { timeout: LONGEST_MS }, async () => {
    const seed = seedOf('contention');
    await keepingEvidence('contention', { db: world.app.db, ledger: world.ledger }, () => allRounds(seed));
    // A stop whose time is up gives its connection up.
    expect(log.filter((message) => !message.startsWith('a database connection was lost'))).toEqual([]);
    seen.expectEach();
  });

  async function allRounds(seed: number): Promise<void> {
    const step = progressOf('contention', ROUNDS, 'rounds');
    const failures = await sideBySide(Array.from({ length: ROUNDS }), AT_ONCE, (_, index) =>
      round(seed + index, index).finally(step),
    );
    expect(failures).toEqual([]);
    const due = () =>
      world.app.db.select({ id: finetunings.id }).from(finetunings).where(isNotNull(finetunings.due_at));
    await until(async () => (await due()).length === 0, 'nothing is due any more');
    await expectSettled(world.app.db, world.ledger);
  }

  async function round(seed: number, index: number): Promise<void> {
    const { pick, below } = chance(seed);
    const key = `round-${seed}`;
    const created = await Promise.all(
      Array.from({ length: CREATES }, (_, at) =>
        // Every second round is told to nobody.
        ask(index % 2 === 0 ? 1 : at, 'POST', '', { db_connection_id: connection.id }, { 'idempotency-key': key }),
      ),
    );
    expect(new Set(created.map(({ status }) => status))).toEqual(new Set([201]));
    const [id, ...others] = new Set(created.map(({ body }) => String(body['id'])));
    if (id === undefined || others.length > 0) throw new Error(`one key made ${others.length + 1} runs`);

    if (below(2) === 0 || index % 2 === 0) {
      await until(() => world.jobsOf(id).length > 0, 'the run is submitted');
      if (index % 2 === 0) seen.hit('lost notification saved by the sweep');
    }
    const withDelete = below(2) === 0;
    const acts = Array.from({ length: ACTS }, () =>
      pick<Act>(withDelete ? ['cancel', 'delete', 'get'] : ['cancel', 'get']),
    );
    const answers = await Promise.all(acts.map(async (act, at) => ({ act, answer: await acting[act](at, id) })));

    for (const { act, answer } of answers) expect(truthful[act], JSON.stringify(answer)).toContain(answer.status);
    const receipts = answers.flatMap(({ act, answer }) =>
      act === 'cancel' && answer.status !== 404 ? [Object(answer.body['cancellation'])] : [],
    );
    // I8: however many asked, there was one first.
    expect(new Set(receipts.map((receipt) => receipt.requested_at)).size).toBeLessThanOrEqual(1);
    await until(async () => {
      const { status, body } = await acting.get(0, id);
      return withDelete ? status === 404 : body['status'] === 'cancelled';
    }, `round ${seed} has come to its end`);
    const jobs = world.jobsOf(id).map((job) => job.status);
    expect(jobs.filter((status) => status !== 'cancelled')).toEqual([]);
    expect(jobs.length).toBeLessThanOrEqual(1);
    rounds += 1;
  }
});
