// One finetuning in a world of its own: real store, real client over HTTP to a sandbox of its own, a clock that runs fast.
// Hundreds of cells share one database and go on side by side.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dependencies } from '../../server/finetuning/dependencies.ts';
import { DomainError } from '../../server/finetuning/errors.ts';
import { tidyProvider } from '../../server/finetuning/janitor.ts';
import { type Intent, raise } from '../../server/finetuning/lifecycle/state.ts';
import { createPursuit } from '../../server/finetuning/pursue.ts';
import type { Finetuning, TrackedFinetuning } from '../../server/finetuning/record.ts';
import type { Service } from '../../server/finetuning/service.ts';
import { type Sandbox, startSandbox } from '../../server/provider/sandbox/server.ts';
import { type Database, openDatabase } from '../../server/storage/database.ts';
import { createStore } from '../../server/storage/store.ts';
import { livenessViolations, safetyViolations } from '../oracle.ts';
import { takePicture } from '../picture.ts';
import { createDatabase } from '../postgres/database.ts';
import { Faults } from '../provider/faults.ts';
import { until } from '../until.ts';
import { keepingEvidence } from './evidence.ts';
import { dependenciesOf, isAtRest, providerAt, serviceOf } from './installation.ts';

/** The database that the cells of a suite share, with records to train on. */
export type Ground = AsyncDisposable & { db: Database; url: string; connectionId: string };

export async function layGround(): Promise<Ground> {
  const resources = new AsyncDisposableStack();
  const { url } = resources.use(await createDatabase());
  const { db } = resources.use(await openDatabase({ url }, () => {}));
  const store = createStore(db, async () => {});
  const deps = dependenciesOf({ store, provider: providerAt('http://127.0.0.1:9') });
  const service = serviceOf(deps);
  const connection = await service.dbConnections.create({ alias: 'library', dialect: 'sqlite', schema_sql: '' });
  await service.goldenRecords.add(
    Array.from({ length: 10 }, (_, index) => ({
      prompt_text: `question ${index}`,
      sql: `SELECT ${index}`,
      db_connection_id: connection.id,
    })),
  );
  return { db, url, connectionId: connection.id, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

export type Cell = AsyncDisposable & {
  deps: Dependencies;
  faults: Faults;
  sandbox: Sandbox;
  service: Service;
  /** Given with every creation: a cell has one finetuning, however often it is asked for. */
  key: string;
  /** Creates the cell's finetuning. */
  create(): Promise<Finetuning>;
  hasFinetuning(): boolean;
  row(): Promise<TrackedFinetuning>;
  /** Nothing is left to do but to wait for the end of the training. */
  isAtRest(): Promise<boolean>;
  /** As a caller who does not wait; what was answered must hold from then on (I6). */
  stop(intent: 'cancel' | 'delete'): Promise<void>;
  /** A caller was told that this is stored. */
  acknowledge(intent: Intent): void;
  /**
   * Works on it in the background, as a process does that is never told and only sweeps, until disposed.
   * `boot` gives what a process works with, and again once it is dead.
   */
  work(boot?: () => { deps: Dependencies; isDead: () => boolean }): AsyncDisposable;
  /** Runs a check on this cell; where it throws, its database and its provider's ledger are kept. */
  keeping<T>(name: string, check: () => Promise<T>): Promise<T>;
  /** Takes away all faults, waits until nothing is due, lets the janitor sweep, and asks the oracle. */
  settle(): Promise<TrackedFinetuning>;
};

/** `wrap` may put something between the domain and its store or provider. */
export async function startCell(
  ground: Ground,
  wrap: (deps: Dependencies, faults: Faults) => Dependencies = (deps) => deps,
): Promise<Cell> {
  const resources = new AsyncDisposableStack();
  const faults = resources.use(new Faults());
  // A job takes 3 s of the sandbox to validate and start, and trains for minutes: it is still at it when a cell ends.
  const sandbox = resources.use(await startSandbox({ ledgerPath: ':memory:', intercept: faults.intercept }));
  const plain = dependenciesOf({ store: createStore(ground.db, async () => {}), provider: providerAt(sandbox.url) });
  const deps = wrap(plain, faults);
  const pursuit = createPursuit(deps);
  const service = serviceOf(deps, pursuit);
  let id: string | null = null;
  const key = randomUUID();
  let acknowledged: Intent = 'run';
  const idOf = () => {
    if (id === null) throw new Error('this cell has no finetuning yet');
    return id;
  };
  const row = async () => {
    const found = await plain.store.finetunings.findAny(idOf());
    if (!found) throw new Error(`finetuning ${idOf()} has vanished`);
    return found;
  };

  const cell: Cell = {
    deps,
    faults,
    sandbox,
    service,
    key,
    async create() {
      const created = await service.finetunings.create({ db_connection_id: ground.connectionId }, key);
      id = created.id;
      return created;
    },
    hasFinetuning: () => id !== null,
    row,
    isAtRest: async () => isAtRest(await row()),
    async stop(intent) {
      const asked =
        intent === 'delete'
          ? service.finetunings.delete(idOf(), 0)
          : service.finetunings.cancel(idOf(), { reason: null, metadata: null, wait_ms: 0 });
      // It was too late, which is an answer; any other error is a defect.
      await asked.catch((error: unknown) => {
        const late = error instanceof DomainError && /^(already_|not_found)/.test(error.code);
        if (!late) throw error;
      });
      cell.acknowledge(intent);
    },
    acknowledge(intent) {
      acknowledged = raise(acknowledged, intent);
    },
    work(boot = () => ({ deps, isDead: () => false })) {
      let process = boot();
      let own = createPursuit(process.deps);
      let stopped = false;
      const going = (async () => {
        while (!stopped) {
          if (process.isDead()) {
            process = boot();
            own = createPursuit(process.deps);
          }
          await own.advance(idOf()).catch(() => {});
          await sleep(5);
        }
      })();
      return {
        async [Symbol.asyncDispose]() {
          stopped = true;
          await going;
        },
      };
    },
    keeping: (name, check) => keepingEvidence(name, { db: ground.db, ledger: sandbox.ledger }, check),
    async settle() {
      faults.clear();
      const healthy = createPursuit(plain);
      const driven = async () => {
        await healthy.advance(idOf());
        return isAtRest(await row());
      };
      await until(driven, 'nothing is left to do');
      await tidyProvider(plain);
      await until(driven, 'nothing is left to do after the janitor');
      const picture = await takePicture(ground.db, sandbox.ledger, [idOf()]);
      const rows = picture.rows.map((seen) => ({ ...seen, acknowledged }));
      const violations = [...safetyViolations({ ...picture, rows }), ...livenessViolations(picture)];
      if (violations.length > 0) throw new Error(violations.join('\n'));
      return row();
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
  return cell;
}
