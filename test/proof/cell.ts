// One finetuning in a world of its own: real store, real client over HTTP to a sandbox of its own, simulated time.
// Hundreds of cells share one database and go on side by side. Each write and each answer is held against the oracle.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dependencies } from '../../server/finetuning/dependencies.ts';
import { DomainError } from '../../server/finetuning/errors.ts';
import { tidyProviders } from '../../server/finetuning/janitor.ts';
import type { Changes } from '../../server/finetuning/lifecycle/replay.ts';
import { type Intent, isTerminal, raise, type Status } from '../../server/finetuning/lifecycle/state.ts';
import type { Provider } from '../../server/finetuning/provider.ts';
import { createPursuit } from '../../server/finetuning/pursue.ts';
import { reconcile } from '../../server/finetuning/reconcile.ts';
import type { Finetuning, TrackedFinetuning } from '../../server/finetuning/record.ts';
import type { Service } from '../../server/finetuning/service.ts';
import { viewFinetuning } from '../../server/finetuning/view.ts';
import type { Sandbox } from '../../server/provider/sandbox/server.ts';
import { livenessViolations, type Picture, safetyViolations, type Told, untrueAnswers } from '../oracle.ts';
import { ownedOf, takePicture } from '../picture.ts';
import { Faults } from '../provider/faults.ts';
import { storeOn } from '../store.ts';
import { until } from '../until.ts';
import { type Engine, keeping } from './engine.ts';
import { keepingEvidence } from './evidence.ts';
import { plantForeign } from './foreign.ts';
import type { ForgetfulLedger } from './forgetful/ledger.ts';
import type { Ground, Home } from './ground.ts';
import { dependenciesOf, isAtRest, serviceOf } from './installation.ts';
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
  /** The sandbox's ledger where that can forget; null where it keeps everything. */
  forgetful: ForgetfulLedger | null;
  service: Service;
  home: Home;
  /** Given with every creation: a cell has one finetuning, however often it is asked for. */
  key: string;
  /** Creates the cell's finetuning. */
  create(): Promise<Finetuning>;
  hasFinetuning(): boolean;
  row(): Promise<TrackedFinetuning>;
  /** Its events, oldest first. */
  history(): Promise<readonly { type: string; changes: Changes }[]>;
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

/** Puts something between the domain and its store or provider. */
export type Wrap = (deps: Dependencies, around: Pick<Cell, 'faults' | 'forgetful'>) => Dependencies;
type CellOptions = {
  wrap?: Wrap;
  /** Left out: one that keeps what it has acknowledged. */
  engine?: Engine;
  /** Opens another provider than the engine's own, by way of whatever stands before it. */
  connect?: (sandbox: Sandbox, resources: AsyncDisposableStack) => Promise<Provider>;
};

export async function startCell(
  ground: Ground,
  { wrap = (deps) => deps, engine = keeping, connect = async ({ url }) => engine.at(url) }: CellOptions = {},
): Promise<Cell> {
  const resources = new AsyncDisposableStack();
  const faults = resources.use(new Faults());
  const time = resources.use(new Time());
  const { sandbox, forgetful } = resources.use(
    await engine.start({ intercept: faults.intercept, now: time.now, timeScale: STANDSTILL }),
  );
  const { ledger } = sandbox;
  const foreignFiles = plantForeign(ledger);
  const { home, stranger } = ground.settleIn();
  const wrong: string[] = [];
  let end: Status | null = null;
  const judge = (told: Told) => {
    if (told.status && isTerminal(told.status)) end = told.status;
    wrong.push(...untrueAnswers(told, forgetful?.pictured() ?? ownedOf({ jobs: ledger.jobs(), files: [] }).jobs));
  };

  const store = judgedStore(
    storeOn(ground.db),
    (violations) => wrong.push(...violations),
    ({ id, state }) => judge({ id, status: state.status }),
  );
  const plain = dependenciesOf({ store, provider: await connect(sandbox, resources), clocks: time.clocks() });
  const deps = wrap(plain, { faults, forgetful });
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
    const ownJobs = forgetful ? () => forgetful.pictured() : undefined;
    const frame = { ids: [idOf()], foreignFiles, requests: () => requestsOf(faults.requests), ownJobs };
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
    forgetful,
    service,
    home,
    key,
    async create() {
      const created = await served(() => service.finetunings.create({ db_connection_id: home.connectionId }, key));
      id = created.id;
      return created;
    },
    hasFinetuning: () => id !== null,
    row,
    history: async () => (await picture()).rows[0]?.history ?? [],
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
        if (intent === 'delete') {
          judge({ id: idOf(), ...(await served(() => service.finetunings.delete(idOf(), 0))) });
        } else judge(viewFinetuning(await served(() => service.finetunings.cancel(idOf(), { wait_ms: 0 }))));
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
      /** Whatever has become of the job is seen first. */
      const restAgain = async (when: string) => {
        const { due_at } = await row();
        if (due_at) time.passUntil(due_at);
        await reconcile(plain, idOf());
        await rest(when);
      };

      await rest('once it is healed');
      await expectUnknownToOthers();
      let seen = await judged();
      if ((await faults.executeLate()) > 0) {
        await rest('once what was late has arrived');
        seen = await judged();
      }
      if (forgetful) {
        // Of what is over it forgets as much as it can, and what waits has its turn.
        if (isTerminal((await row()).state.status)) forgetful.comeBack(Number.POSITIVE_INFINITY);
        forgetful.isFull = false;
        forgetful.goOn();
        await restAgain('once the engine has come back');
        seen = await judged();
      }
      const inert = seen.jobs.flatMap((job) => (job.inert ? job.id : []));
      const before = faults.requests.length;
      await tidyProviders(plain);
      const done = requestsOf(faults.requests.slice(before));
      if (done.length > 0) {
        await rest('after the janitor');
        seen = await judged();
      }
      const settled = await row();
      expectNothingWrong([
        ...livenessViolations(seen),
        ...done.flatMap(({ kind, about }) => {
          if (kind === 'cancel' && !strays.includes(about) && !inert.includes(about))
            return [`I3: the janitor had to stop ${about}`];
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

/** A machine that is starved lets a caller wait too long, and says so: he asks again. */
async function served<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof DomainError && error.code === 'unavailable')) throw error;
    }
  }
}
