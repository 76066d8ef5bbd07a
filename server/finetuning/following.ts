// Follows runs by their provider's list, where there are many: one page spares a look at each of a hundred jobs.
// What the list shows as it is known stays put off until the next one, and all else is looked at by itself.
import type { Clock, Log, Settings } from './dependencies.ts';
import { type DueRun, followedJob, inTurn, isAsKnown, isWorthListing, mostPages } from './lifecycle/following.ts';
import {
  ended,
  isHanded,
  type JobList,
  mayBegin,
  newList,
  putOff,
  putOffFurther,
  spares,
} from './lifecycle/job-list.ts';
import { later, wantsStop } from './lifecycle/state.ts';
import { longestWait } from './lifecycle/windows.ts';
import type { Provider, ProviderJob } from './provider.ts';
import type { Monotonic } from './sightings.ts';
import type { FinetuningStore } from './store.ts';

/** Runs put off in one statement: what it locks, a cancel waits for. */
const AT_ONCE = 500;
/** Runs followed by one list. */
const MOST_FOLLOWED = 50_000;

const isStop = ({ state }: DueRun) => wantsStop(state.intent);
const askedAt = (runs: readonly DueRun[]) => new Map(runs.map(({ id, asked_at }) => [id, asked_at]));
const idsOf = (runs: readonly DueRun[]) => runs.map(({ id }) => id);

export type Following = AsyncDisposable & {
  /** Has each of these looked at: by itself at once, and then, where they are many at a provider, by its list. */
  see(due: readonly DueRun[], now: string): Promise<void>;
};

/** Asks for a look at each of these; `first`: before all that was asked for without. */
export type Wake = (ids: readonly string[], order?: 'first') => Promise<void>;

type Lists = Pick<Provider, 'listJobs'>;

/** As much of what the domain is given as following needs. */
export type ToFollow = {
  store: { finetunings: Pick<FinetuningStore, 'due' | 'schedule'> };
  providers: { readonly all: readonly Lists[]; of(ledger: string): Lists | null };
  clock: Clock;
  log: Log;
  settings: Pick<Settings, 'deployment' | 'poll_interval_ms' | 'settle_window_ms'>;
};

export function createFollowing(
  { store, providers, clock, settings, log }: ToFollow,
  wake: Wake,
  monotonic: Monotonic = () => performance.now(),
): Following {
  const interval_ms = settings.poll_interval_ms;
  const closing = new AbortController();
  const lists = new Map<Lists, JobList>();
  const underWay = new Set<Promise<void>>();

  const tell = (error: unknown) =>
    log.error({ err: error }, 'could not follow runs by a list; each is looked at again');

  /** Of few ledgers, each asked for by thousands of runs. */
  const ofLedgers = new Map<string, Lists | null>();
  const ofLedger = (ledger: string) => {
    const known = ofLedgers.get(ledger);
    if (known !== undefined) return known;
    const found = providers.of(ledger);
    ofLedgers.set(ledger, found);
    return found;
  };
  const ofProvider = (provider: Lists, runs: readonly DueRun[]) =>
    runs.filter((run) => followedJob(run) !== null && ofLedger(run.provider_ledger) === provider);

  /** Makes them due then, where they are as they were read. @returns those that were */
  async function schedule(runs: readonly DueRun[], due_at: string): Promise<DueRun[]> {
    const done = new Set<string>();
    for (let start = 0; start < runs.length; start += AT_ONCE) {
      for (const id of await store.finetunings.schedule(runs.slice(start, start + AT_ONCE), due_at)) done.add(id);
    }
    return runs.flatMap((run) => (done.has(run.id) ? { ...run, due_at } : []));
  }

  /** What fails here is due again before long, and no list is in its way then. */
  async function handOn(list: JobList, runs: readonly DueRun[]): Promise<void> {
    if (runs.length === 0) return;
    for (const { id, asked_at } of runs) list.handed.set(id, asked_at);
    const now = clock();
    await schedule(
      runs.filter(({ due_at }) => due_at > now),
      now,
    ).catch(tell);
    await wake(idsOf(runs)).catch(tell);
  }

  /** @returns whether it could be had at all */
  async function read(provider: Lists, list: JobList, followed: readonly DueRun[]): Promise<boolean> {
    const byJob = new Map(followed.map((run) => [run.state.job_id, run]));
    const unseen = new Set(byJob.values());
    // Where ids are given out again two runs may know one: which of them it is, each look tells by itself.
    const handed = [
      handOn(
        list,
        followed.filter((run) => !unseen.has(run)),
      ),
    ];
    let pages = 0;
    let shown = 0;
    const see = (found: readonly ProviderJob[]) => {
      list.heard = monotonic();
      const news = new Set<DueRun>();
      for (const job of found.slice(shown)) {
        const run = byJob.get(job.id);
        if (!run) continue;
        unseen.delete(run);
        if (!isAsKnown(run, job) && !isHanded(list, run)) news.add(run);
      }
      shown = found.length;
      // Not after all the other pages.
      handed.push(handOn(list, [...news]));
    };
    const outcome = await provider.listJobs(settings.deployment, (found) => {
      pages += 1;
      see(found);
      return unseen.size === 0 || pages >= mostPages(followed.length) || closing.signal.aborted;
    });
    if (outcome.kind === 'done') see(outcome.value.found);
    await Promise.all([...handed, handOn(list, [...unseen])]);
    return outcome.kind === 'done';
  }

  async function readAll(provider: Lists, list: JobList, followed: readonly DueRun[]): Promise<void> {
    list.state = 'reading';
    const isShown = await read(provider, list, followed).catch((error: unknown) => {
      tell(error);
      return false;
    });
    ended(list, isShown, monotonic(), interval_ms);
  }

  async function follow(provider: Lists, due: readonly DueRun[], now: string): Promise<void> {
    const before = lists.get(provider);
    const list = newList(monotonic(), interval_ms, before?.handed);
    lists.set(provider, list);
    // Those too that are due a little later: they count, and from then on all of them are followed by the same list.
    const soon = await store.finetunings.due(later(now, interval_ms), later(now, longestWait(settings)), MOST_FOLLOWED);
    const own = ofProvider(provider, soon);
    if (!isWorthListing(own.length)) return await wake(idsOf(due));
    const { alone, listed } = inTurn(own.filter((run) => !isHanded(list, run)));
    list.handed = askedAt(own.filter((run) => isHanded(list, run)));
    // Before the list is read: that is how several processes share the work, as far as none of them finds some that are due.
    const followed = await schedule(listed, later(now, putOff(interval_ms)));
    list.followed = askedAt(followed);
    if (followed.length > 0) {
      const reading = readAll(provider, list, followed).finally(() => underWay.delete(reading));
      underWay.add(reading);
    }
    await handOn(list, alone);
  }

  return {
    async see(due, now) {
      const alone = new Set(due);
      const next = new Map<Lists, DueRun[]>();
      const spared = new Map<JobList, DueRun[]>();
      for (const provider of providers.all) {
        const list = lists.get(provider);
        const moment = monotonic();
        const own = ofProvider(provider, due).filter((run) => !isHanded(list, run));
        if (!list || mayBegin(list, moment)) {
          if (own.length > 0) next.set(provider, own);
          continue;
        }
        const left = own.filter((run) => spares(list, run, moment, interval_ms));
        spared.set(list, left);
      }
      for (const run of [...next.values(), ...spared.values()].flat()) alone.delete(run);
      // Before anything is asked of the provider or put off.
      await wake(idsOf([...alone].filter(isStop)), 'first');
      await wake(idsOf([...alone].filter((run) => !isStop(run))));
      for (const [list, runs] of spared) {
        if (list.state === 'reading') await schedule(runs, later(now, putOffFurther(list, monotonic()))).catch(tell);
      }
      for (const [provider, own] of next) {
        await follow(provider, own, now).catch((error: unknown) => {
          tell(error);
          return wake(idsOf(own));
        });
      }
    },

    async [Symbol.asyncDispose]() {
      closing.abort();
      await Promise.all(underWay);
    },
  };
}
