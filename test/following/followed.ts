// Following without anything else: runs, a provider's list that shows whatever a test says, looks, and a clock that
// stands still but for what a test lets pass.
import { createFollowing } from '../../server/finetuning/following.ts';
import type { DueRun } from '../../server/finetuning/lifecycle/following.ts';
import { initialState, later } from '../../server/finetuning/lifecycle/state.ts';
import type { IsEnough, Listing, Outcome, ProviderJob } from '../../server/finetuning/provider.ts';

export const INTERVAL = 10_000;
export const SECOND = 1000;
const START = '2026-01-01T00:00:00.000Z';
/** Found by one sweep. */
const SWEEP = 20;
const LEDGER = 'ledger';

/** What a list shows of a job that is not as it is known. */
const oddities = {
  ended: { phase: 'succeeded', provider_status: 'succeeded', shown_status: null },
  another_word: { provider_status: 'paused', shown_status: null },
  another_status: { shown_status: 'queued' },
  held: { held: true },
  waiting: { note: 'behind others' },
  another_name: { name: 'another' },
  another_incarnation: { incarnation: 'another' },
  anothers_tag: { tag: { goldtune_finetuning: 'another' } },
} satisfies Record<string, Partial<ProviderJob>>;
export const shownAs = ['as known', 'not', 'twice', ...Object.keys(oddities)];

export type Plan = {
  /** What it shows of each run, beginning again where there are more of them. */
  shows: readonly string[];
  page: number;
  /** In seconds, before each page. */
  pause: number;
  /** After so many pages: nothing more comes for four minutes, it cannot be had, it throws. */
  breaks: { after: number; how: 'hangs' | 'fails' | 'throws' } | null;
};
export const HONEST: Plan = { shows: ['as known'], page: 100, pause: 0, breaks: null };

export type Row = {
  run: DueRun;
  /** As the provider has it. */
  word: string;
  /** When the list or a look last showed how it is. */
  seen_at: number;
  asked_at: number;
  /** As it was when it was put off for a list; null: it was not, or was looked at since. */
  putOff: Pick<DueRun, 'version' | 'asked_at'> | null;
  /** A list that it was put off for has shown it as something else, and no look has followed. */
  isNews: boolean;
};

export class Followed {
  now = 0;
  plan: Plan = HONEST;
  lists = 0;
  looks = 0;
  /** Looks that are done in a second. */
  capacity = 100;
  storeFails: 'before' | 'after' | 'due' | null = null;
  queueFails = false;
  /** A row that somebody holds is passed over. */
  held: string | null = null;
  readonly rows = new Map<string, Row>();
  readonly violations: string[] = [];
  readonly #following;
  readonly #timers: { at: number; ring: () => void }[] = [];
  #asked: { first: Set<string>; others: Set<string> } = { first: new Set(), others: new Set() };
  /** Of this sweep: stops that were due and have not been asked a look for. */
  #stops = new Set<string>();

  constructor(runs: number) {
    for (let index = 0; index < runs; index++) {
      const id = `run-${String(index).padStart(4, '0')}`;
      const known = { job_id: `job-${index}`, job_name: `name-${index}`, job_incarnation: '1' };
      const state = { ...initialState, ...known, status: 'running' as const, provider_status: 'running' };
      const asked_at = this.time;
      const schedule = { version: 1, due_at: START, failures: 0, isWaiting: false, hasOpenCall: false, asked_at };
      const run = { id, provider_ledger: LEDGER, state, ...schedule };
      this.rows.set(id, { run, word: 'running', seen_at: 0, asked_at: 0, putOff: null, isNews: false });
    }
    const provider = { listJobs: (_deployment: string, isEnough?: IsEnough) => this.#list(isEnough) };
    this.#following = createFollowing(
      {
        store: { finetunings: { due: this.#due, schedule: this.#schedule } },
        providers: { all: [provider], of: (ledger) => (ledger === LEDGER ? provider : null) },
        clock: () => this.time,
        log: { info() {}, warn() {}, error() {} },
        settings: { deployment: 'd', poll_interval_ms: INTERVAL, settle_window_ms: 60_000 },
      },
      this.#wake,
      () => this.now,
    );
  }

  get time(): string {
    return later(START, this.now);
  }

  row(index: number): Row {
    const row = [...this.rows.values()][index % this.rows.size];
    if (!row) throw new Error('there is no run');
    return row;
  }

  /** Its user wants it stopped. */
  stop({ run }: Row): void {
    Object.assign(run, { state: { ...run.state, intent: 'cancel' }, version: run.version + 1, due_at: this.time });
  }

  /** A second passes: what is due is swept, and what was asked for is looked at. */
  async second(): Promise<void> {
    this.now += SECOND;
    for (const timer of this.#timers.filter(({ at }) => at <= this.now)) {
      this.#timers.splice(this.#timers.indexOf(timer), 1);
      timer.ring();
    }
    await quiet();
    await this.#sweep().catch(() => {});
    await quiet();
    this.#look();
  }

  async seconds(count: number): Promise<void> {
    for (let second = 0; second < count; second++) await this.second();
  }

  async #sweep(): Promise<void> {
    const { queueFails } = this;
    const due = await this.#due(this.time, '9999-01-01T00:00:00.000Z', SWEEP);
    this.#stops = new Set(due.filter(({ state }) => state.intent !== 'run').map(({ id }) => id));
    await this.#following.see(due, this.time).catch(() => {});
    if (!queueFails) this.#expectNoStop('the end of the sweep');
    this.#stops.clear();
  }

  #expectNoStop(before: string): void {
    for (const id of this.#stops) this.violations.push(`the stop of ${id} was not asked for before ${before}`);
  }

  readonly #due = async (now: string, _farthest: string, limit: number): Promise<DueRun[]> => {
    if (this.storeFails === 'due') throw new Error('no database');
    const rank = ({ state, due_at }: DueRun) => `${state.intent === 'run'} ${due_at}`;
    return [...this.rows.values()]
      .map(({ run }) => ({ ...run }))
      .filter((run) => run.due_at <= now)
      .sort((one, other) => (rank(one) < rank(other) ? -1 : 1))
      .slice(0, limit);
  };

  readonly #schedule = async (
    given: readonly Pick<DueRun, 'id' | 'version' | 'due_at'>[],
    due_at: string,
  ): Promise<string[]> => {
    this.#expectNoStop('anything was put off');
    if (this.storeFails === 'before') throw new Error('no database');
    const moved = given.filter(({ id, version, due_at }) => {
      const run = this.rows.get(id)?.run;
      return run?.version === version && run.due_at === due_at && id !== this.held;
    });
    for (const { id } of moved) {
      const row = this.rows.get(id);
      if (row) this.#move(row, due_at);
    }
    if (this.storeFails === 'after') throw new Error('no answer');
    return moved.map(({ id }) => id);
  };

  #move(row: Row, due_at: string): void {
    const { run } = row;
    if (due_at > this.time) {
      if (run.state.intent !== 'run') this.violations.push(`${run.id}, which is to be stopped, was put off`);
      if (run.failures > 0) this.violations.push(`${run.id}, which is being tried again, was put off`);
      if (row.isNews) this.violations.push(`${run.id}, of which a list has shown something else, was put off`);
      row.putOff = { version: run.version, asked_at: run.asked_at };
    }
    run.due_at = due_at;
  }

  readonly #wake = async (ids: readonly string[], order?: 'first'): Promise<void> => {
    if (this.queueFails) throw new Error('no queue');
    if (order !== 'first' && ids.length > 0) this.#expectNoStop('looks at others');
    for (const id of ids) {
      if (order === 'first') this.#stops.delete(id);
      this.#asked[order ?? 'others'].add(id);
    }
  };

  async #list(isEnough: IsEnough = () => false): Promise<Outcome<Listing<ProviderJob>>> {
    this.lists += 1;
    this.#expectNoStop('a list was asked for');
    const { plan } = this;
    const rows = [...this.rows.values()];
    const found: ProviderJob[] = [];
    for (let page = 0; page * plan.page < rows.length; page++) {
      if (plan.breaks?.after === page) {
        if (plan.breaks.how === 'hangs') await this.#pass(240 * SECOND);
        if (plan.breaks.how === 'throws') throw new Error('a bug');
        return { kind: 'unknown', reason: 'no answer' };
      }
      if (plan.pause > 0) await this.#pass(plan.pause * SECOND);
      const first = page * plan.page;
      rows.slice(first, first + plan.page).forEach((row, index) => {
        found.push(...this.#shown(row, plan.shows[(first + index) % plan.shows.length] ?? 'as known'));
      });
      if (isEnough(found)) break;
    }
    return { kind: 'done', value: { found, incomplete: null } };
  }

  #shown(row: Row, as: string): ProviderJob[] {
    if (as === 'not') return [];
    const { state, id, version, asked_at } = row.run;
    const job: ProviderJob = {
      ...{ id: state.job_id ?? '', name: state.job_name, incarnation: state.job_incarnation, phase: 'active' },
      ...{ provider_status: row.word, shown_status: 'running', model_id: null, trained_tokens: null, error: null },
      ...{ estimated_finish: null, training_file_id: null, held: false, tag: { goldtune_finetuning: id } },
    };
    const odd = Object.entries(oddities).find(([named]) => named === as)?.[1];
    const shown = as === 'twice' ? [job, { ...job, ...oddities.ended }] : [{ ...job, ...odd }];
    const isPutOff = row.putOff?.version === version && row.putOff.asked_at === asked_at;
    if (as !== 'as known' || row.word !== state.provider_status) row.isNews ||= isPutOff;
    else row.seen_at = this.now;
    return shown;
  }

  #pass(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#timers.push({ at: this.now + ms, ring: resolve });
    return promise;
  }

  #look(): void {
    const asked = [...this.#asked.first, ...this.#asked.others];
    for (const id of new Set(asked.slice(0, this.capacity))) {
      this.#asked.first.delete(id);
      this.#asked.others.delete(id);
      const row = this.rows.get(id);
      if (!row || row.run.due_at > this.time) continue;
      this.looks += 1;
      const { run } = row;
      const isNewer = row.word !== run.state.provider_status;
      const state = { ...run.state, provider_status: row.word };
      Object.assign(run, { state, version: run.version + Number(isNewer), asked_at: this.time, failures: 0 });
      run.due_at = later(this.time, run.state.intent === 'run' ? INTERVAL : SECOND);
      Object.assign(row, { seen_at: this.now, asked_at: this.now, putOff: null, isNews: false });
    }
  }
}

/** Resolves when whatever goes on waits for time to pass. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
