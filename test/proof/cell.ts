// One finetuning in a world of its own: real store, real client over HTTP to a sandbox of its own, simulated time.
// Hundreds of cells share one database and go on side by side. Each write and each answer is held against the oracle.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dependencies } from '../../server/finetuning/dependencies.ts';
import { DomainError } from '../../server/finetuning/errors.ts';
import { tidyProvider } from '../../server/finetuning/janitor.ts';
import { type Intent, isTerminal, raise, type Status } from '../../server/finetuning/lifecycle/state.ts';
import { createPursuit } from '../../server/finetuning/pursue.ts';
import { reconcile } from '../../server/finetuning/reconcile.ts';
import type { Finetuning, TrackedFinetuning } from '../../server/finetuning/record.ts';
import type { Service } from '../../server/finetuning/service.ts';
import { viewFinetuning } from '../../server/finetuning/view.ts';
import { type Sandbox, startSandbox } from '../../server/provider/sandbox/server.ts';
import { livenessViolations, type Picture, safetyViolations, type Told, untrueAnswers } from '../oracle.ts';
import { ownedOf, takePicture } from '../picture.ts';
import { Faults } from '../provider/faults.ts';
import { storeOn } from '../store.ts';
import { until } from '../until.ts';
import { keepingEvidence } from './evidence.ts';
import { plantForeign } from './foreign.ts';
import type { Ground, Home } from './ground.ts';
import { dependenciesOf, isAtRest, providerAt, serviceOf } from './installation.ts';
import { judgedStore } from './judged.ts';
import { requestsOf } from './requests.ts';
import { type Clocks, PAUSE_MS, Time } from './time.ts';

/** Far more than any run needs to come to rest. */
const MOST_STEPS = 2000;
/** Jobs stand still but for what a test makes of them. */
const STANDSTILL = 1e-6;
/** How often a run is looked at, and nothing is left to do, before it counts as being at rest. */
const LOOKS_AT_REST = 4;

export type Cell = AsyncDisposable & {
  /** Of all that works on this cell. */
  time: Time;
  deps: Dependencies;
  faults: Faults;
  sandbox: Sandbox;
  service: Service;
  home: Home;
  /** Given with every creation: a cell has one finetuning, however often it is asked for. */
  key: string;
  /** Creates the cell's finetuning. */
  create(): Promise<Finetuning>;
  hasFinetuning(): boolean;
  row(): Promise<TrackedFinetuning>;
  /** Waits until, look after look, nothing is left to do but to wait for the end of the training; or until it is over. */
  comesToRest(isOver?: () => boolean): Promise<void>;
  /** As a caller who does not wait; what was answered must hold from then on (I6, I10). */
  stop(intent: 'cancel' | 'delete'): Promise<void>;
  /** Somebody is about to ask for this. */
  asks(intent: Intent): void;
  /** A caller was told that this is stored, and perhaps what has come of it. */
  acknowledge(intent: Intent, told?: Omit<Told, 'id'>): void;
  /**
   * Works on it in the background, as a process does that is never told and only sweeps, until disposed.
   * `boot` gives what a process works with, and again once it is dead.
   */
  work(boot?: () => { deps: Dependencies; isDead: () => boolean }): AsyncDisposable;
  /** What one more process of the cell works with: its own clocks, on the cell's time. */
  clocks(): Clocks;
  /** Runs a check on this cell; where it throws, its database and its provider's ledger are kept. */
  keeping<T>(name: string, check: () => Promise<T>): Promise<T>;
  /**
   * Takes away all faults, waits until nothing is due, lets arrive what is still on its way, and asks the oracle.
   * Only then the janitor sweeps, and may find nothing to stop but the given jobs.
   */
  settle(strays?: readonly string[]): Promise<TrackedFinetuning>;
};

/** `wrap` may put something between the domain and its store or provider. */
export async function startCell(
  ground: Ground,
  wrap: (deps: Dependencies, faults: Faults) => Dependencies = (deps) => deps,
): Promise<Cell> {
  const resources = new AsyncDisposableStack();
  const faults = resources.use(new Faults());
  const time = resources.use(new Time());
  const sandbox = resources.use(
    await startSandbox({
      ledgerPath: ':memory:',
      intercept: faults.intercept,
      now: time.now,
      timeScale: STANDSTILL,
    }),
  );
  const { ledger } = sandbox;
  const foreignFiles = plantForeign(ledger);
  const { home, stranger } = ground.settleIn();
  const wrong: string[] = [];
  let end: Status | null = null;
  const judge = (told: Told) => {
    if (told.status && isTerminal(told.status)) end = told.status;
    wrong.push(...untrueAnswers(told, ownedOf({ jobs: ledger.jobs(), files: [] }).jobs));
  };

  const store = judgedStore(
    storeOn(ground.db),
    (violations) => wrong.push(...violations),
    ({ id, state }) => judge({ id, status: state.status }),
  );
  const plain = dependenciesOf({ store, provider: providerAt(sandbox.url), clocks: time.clocks() });
  const deps = wrap(plain, faults);
  const service = serviceOf(deps, home.organization);
  const others = serviceOf(plain, stranger);
  const key = randomUUID();
  let id: string | null = null;
  let asked: Intent = 'run';
  let acknowledged: Intent = 'run';
  const idOf = () => {
    if (id === null) throw new Error('this cell has no finetuning yet');
    return id;
  };
  const row = async () => {
    const found = await plain.store.finetunings.findAny(idOf());
    if (!found) throw new Error(`finetuning ${idOf()} has vanished`);
    judge({ id: found.id, status: found.state.status });
    return found;
  };

  /** I12: to the other organization it does not exist. */
  async function expectUnknownToOthers(): Promise<void> {
    const tries = [
      () => others.finetunings.get(idOf()),
      // One cell tries the one, the next the other.
      () =>
        home.organization < stranger
          ? others.finetunings.cancel(idOf(), { wait_ms: 0 })
          : others.finetunings.delete(idOf(), 0),
    ];
    for (const attempt of tries) {
      await attempt().then(
        () => wrong.push('I12: another organization was let at it'),
        (error: unknown) => {
          if (!(error instanceof DomainError) || error.code !== 'not_found') throw error;
        },
      );
    }
  }

  async function picture(): Promise<Picture> {
    const frame = { ids: [idOf()], foreignFiles, requests: () => requestsOf(faults.requests) };
    const taken = await takePicture(ground.db, ledger, frame);
    const shown = await others.finetunings.list({}, { limit: 5 });
    return {
      ...taken,
      rows: taken.rows.map((seen) => ({ ...seen, acknowledged, asked, ...(end ? { told: end } : {}) })),
      shown: shown.map((one) => ({ id: one.id, organization_id: stranger })),
    };
  }

  /** @throws where something was wrong at any moment until now */
  function expectNothingWrong(found: readonly string[]): void {
    const all = new Set([...wrong, ...found]);
    if (all.size > 0) throw new Error([...all].join('\n'));
  }

  const cell: Cell = {
    time,
    deps,
    faults,
    sandbox,
    service,
    home,
    key,
    async create() {
      const created = await service.finetunings.create({ db_connection_id: home.connectionId }, key);
      id = created.id;
      return created;
    },
    hasFinetuning: () => id !== null,
    row,
    async comesToRest(isOver = () => false) {
      let looks = 0;
      await until(async () => {
        looks = isAtRest(await row()) ? looks + 1 : 0;
        return isOver() || looks === LOOKS_AT_REST;
      }, `finetuning ${idOf()} comes to rest`);
    },
    async stop(intent) {
      cell.asks(intent);
      try {
        if (intent === 'delete') judge({ id: idOf(), ...(await service.finetunings.delete(idOf(), 0)) });
        else judge(viewFinetuning(await service.finetunings.cancel(idOf(), { wait_ms: 0 })));
      } catch (error) {
        // It was too late, or it is forgotten, which are answers; any other error is a defect.
        if (!(error instanceof DomainError)) throw error;
        const { finetuning } = error;
        if (finetuning) judge(viewFinetuning(finetuning));
        else if (error.code !== 'not_found' || (await row()).state.deleted_at === null) throw error;
      }
      cell.acknowledge(intent);
    },
    asks(intent) {
      asked = raise(asked, intent);
    },
    acknowledge(intent, told) {
      cell.asks(intent);
      acknowledged = raise(acknowledged, intent);
      if (told) judge({ id: idOf(), ...told });
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
          time.pass();
          await sleep(PAUSE_MS);
        }
      })();
      return {
        async [Symbol.asyncDispose]() {
          stopped = true;
          await going;
        },
      };
    },
    clocks: () => time.clocks(),
    keeping: (name, check) => keepingEvidence(name, { db: ground.db, ledger }, check),
    async settle(strays = []) {
      faults.heal();
      const rest = async (when: string) => {
        for (let steps = 0; steps < MOST_STEPS; steps++) {
          const now = await reconcile(plain, idOf());
          const isDue = now?.due_at && now.due_at <= plain.clock();
          if (now && !isDue && isAtRest(now)) return;
          if (now?.due_at) time.passUntil(now.due_at);
        }
        throw new Error(`in ${MOST_STEPS} steps it never came to be that nothing is left to do ${when}`);
      };
      const judged = async () => {
        const seen = await picture();
        expectNothingWrong(safetyViolations(seen));
        return seen;
      };

      await rest('once it is healed');
      await expectUnknownToOthers();
      let seen = await judged();
      if ((await faults.executeLate()) > 0) {
        await rest('once what was late has arrived');
        seen = await judged();
      }
      const before = faults.requests.length;
      await tidyProvider(plain);
      const done = requestsOf(faults.requests.slice(before));
      if (done.length > 0) {
        await rest('after the janitor');
        seen = await judged();
      }
      const settled = await row();
      expectNothingWrong([
        ...livenessViolations(seen),
        ...done.flatMap(({ kind, about }) => {
          if (kind === 'cancel' && !strays.includes(about)) return [`I3: the janitor had to stop ${about}`];
          const isNeeded = about === settled.state.file_id && settled.state.deleted_at === null;
          return kind === 'delete_file' && isNeeded ? ['L3: the janitor removed a file that is needed'] : [];
        }),
      ]);
      return settled;
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
  return cell;
}
