// A simulated installation: two processes, one provider, one clock, all of it moved on by commands one at a time.

import { tmpdir } from 'node:os';
import { createFinetuning } from '../../../server/finetuning/commands/create.ts';
import { cancelFinetuning, cancelFinetunings, deleteFinetuning } from '../../../server/finetuning/commands/stop.ts';
import type { Dependencies } from '../../../server/finetuning/dependencies.ts';
import { DomainError } from '../../../server/finetuning/errors.ts';
import { tidyProviders } from '../../../server/finetuning/janitor.ts';
import { receiptOf } from '../../../server/finetuning/lifecycle/receipt.ts';
import { type Intent, isTerminal, raise } from '../../../server/finetuning/lifecycle/state.ts';
import { longestWait } from '../../../server/finetuning/lifecycle/windows.ts';
import type { Principal } from '../../../server/finetuning/principal.ts';
import { createPursuit, type Pursuit } from '../../../server/finetuning/pursue.ts';
import type { Finetuning, TrackedFinetuning } from '../../../server/finetuning/record.ts';
import { createSightings } from '../../../server/finetuning/sightings.ts';
import { registryOf } from '../../../server/provider/registry.ts';
import {
  livenessViolations,
  type Picture,
  type PicturedJob,
  safetyViolations,
  type Told,
  untrueAnswers,
} from '../../oracle.ts';
import { type MemoryJob, MemoryProvider, MODEL } from './memory-provider.ts';
import { CONNECTION, memoryStore, ORGANIZATION, Tables } from './memory-store.ts';
import { Process, Schedule } from './process.ts';

export type Command =
  /** Lets something that is pending go on. */
  | { kind: 'move'; at: number }
  /** Lets something that is pending fail in one of its ways. */
  | { kind: 'fault'; at: number; way: number }
  /** Something that nobody waits for any more arrives after all, or is lost. */
  | { kind: 'deliver'; at: number; lost: boolean }
  | { kind: 'work'; process: number; run: number }
  | { kind: 'create'; process: number; key: number }
  | { kind: 'cancel' | 'delete' | 'get'; process: number; run: number }
  /** Of all runs, in one request. */
  | { kind: 'cancel all'; process: number }
  | { kind: 'crash'; process: number }
  | { kind: 'janitor'; process: number }
  | { kind: 'tick'; ms: number }
  /** The wall clock of a process steps, forwards or backwards. */
  | { kind: 'step'; process: number; ms: number }
  | { kind: 'finish'; job: number; phase: 'succeeded' | 'failed' | 'cancelled' }
  /** Of an engine that forgets: what is released begins; it comes back as it was; somebody else is given an id. */
  | { kind: 'begin' }
  | { kind: 'come back'; to: number }
  | { kind: 'intrude' };

const START = Date.parse('2026-01-01T00:00:00.000Z');
const principal: Principal = {
  organization_id: ORGANIZATION,
  who: 'local',
  id: 'simulation',
  name: 'simulation',
  scopes: ['admin'],
};
const silent = { info() {}, warn() {}, error() {} };
const settings = {
  default_model: MODEL,
  deployment: 'simulation',
  stop_unknown_jobs: false,
  settle_window_ms: 60_000,
  poll_interval_ms: 10_000,
  provider_timeout_ms: 10_000,
};
/** Rounds in which a healed world must come to rest: far more than any run needs. */
const MOST_ROUNDS = 100;

const viewOf = ({ state }: Finetuning) => ({ status: state.status, cancellation: receiptOf(state) });

type Member = { process: Process; deps: Dependencies; pursuit: Pursuit };

export class Simulation {
  readonly tables = new Tables();
  readonly schedule = new Schedule();
  readonly provider: MemoryProvider;
  faults = 0;
  #now = 0;
  /** How many requests have been judged. */
  #judged = 0;
  /** By how much the wall clock of each process is ahead of the time that really passes. */
  readonly #skews: number[];
  readonly #forgetful: boolean;
  readonly #members: Member[];
  readonly #acknowledged = new Map<string, Intent>();
  readonly #asked = new Map<string, Intent>();

  constructor(processes: number, forgetful: boolean) {
    this.#forgetful = forgetful;
    this.provider = new MemoryProvider(this.schedule, () => this.#now, forgetful);
    this.#skews = Array.from({ length: processes }, () => 0);
    this.#members = Array.from({ length: processes }, (_, index) => this.#boot(index));
  }

  get rows(): TrackedFinetuning[] {
    return [...this.tables.rows.values()];
  }

  async do(command: Command): Promise<void> {
    switch (command.kind) {
      case 'move':
        this.#act(command.at, null);
        break;
      case 'fault':
        this.#act(command.at, command.way);
        break;
      case 'deliver': {
        const { orphans } = this.schedule;
        if (orphans.length > 0) this.schedule.deliver(command.at % orphans.length, command.lost);
        break;
      }
      case 'work':
        this.#work(this.#member(command.process), this.#run(command.run));
        break;
      case 'create':
        this.#create(this.#member(command.process), `key-${command.key}`);
        break;
      case 'cancel':
      case 'delete':
      case 'get':
        this.#ask(command.kind, this.#member(command.process), this.#run(command.run));
        break;
      case 'cancel all':
        this.#cancelAll(this.#member(command.process));
        break;
      case 'crash': {
        this.schedule.crash(this.#member(command.process).process);
        const index = command.process % this.#members.length;
        this.#members[index] = this.#boot(index);
        this.faults += 1;
        break;
      }
      case 'janitor': {
        const { deps } = this.#member(command.process);
        this.schedule.start(() => tidyProviders(deps));
        break;
      }
      case 'tick':
        this.#now += command.ms;
        break;
      case 'step': {
        const index = command.process % this.#members.length;
        this.#skews[index] = (this.#skews[index] ?? 0) + command.ms;
        this.faults += 1;
        break;
      }
      case 'finish': {
        const ours = this.provider.jobs.filter((job) => !this.provider.foreign.jobs.includes(job));
        const job = ours[command.job % Math.max(1, ours.length)];
        if (job) this.provider.finish(job, command.phase);
        break;
      }
      case 'begin':
        this.provider.begin();
        break;
      case 'come back':
        this.provider.comeBack(command.to);
        this.faults += 1;
        break;
      case 'intrude':
        this.provider.intrude();
        break;
      default:
        command satisfies never;
    }
    await this.schedule.quiet();
  }

  /** All there is, for people to read. */
  evidence() {
    const { rows, history, violations } = this.tables;
    const { jobs, files, requests } = this.provider;
    return { now: this.#now, rows: [...rows], history: [...history], violations, jobs, files: [...files], requests };
  }

  /** What is wrong by now, the history of events left out. */
  violations(): string[] {
    const picture = this.#picture('during');
    // Each request was judged when it was sent: calls are never taken back.
    const isNew = picture.requests?.length !== this.#judged;
    this.#judged = picture.requests?.length ?? 0;
    return [...this.tables.violations, ...safetyViolations(isNew ? picture : { ...picture, requests: [] })];
  }

  /** All faults end: what is pending goes on, and what is due is done. */
  async heal(): Promise<string[]> {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      while (this.schedule.pending.length > 0) await this.do({ kind: 'move', at: 0 });
      await this.do({ kind: 'begin' });
      const due = this.rows.filter((row) => row.due_at !== null && !this.#isTraining(row));
      if (due.length === 0) break;
      // As the process sees it that does the work.
      const ahead = START + (this.#skews[0] ?? 0);
      const next = Math.min(...due.map((row) => Date.parse(row.due_at ?? '') - ahead));
      if (next < this.#now + longestWait(settings)) this.#now = Math.max(this.#now, next);
      for (const index of this.rows.keys()) await this.do({ kind: 'work', process: 0, run: index });
    }
    return [...this.tables.violations, ...safetyViolations(this.#picture('at the end'))];
  }

  /** Healed; then everything late arrives, as late as can be; then the janitor sweeps twice. */
  async settle(): Promise<string[]> {
    const found = await this.heal();
    while (this.schedule.orphans.length > 0) await this.do({ kind: 'deliver', at: 0, lost: false });
    found.push(...(await this.heal()));
    for (let sweep = 0; sweep < 2; sweep++) {
      // What lags is shown by then.
      this.#now += settings.settle_window_ms;
      await this.do({ kind: 'janitor', process: 0 });
      found.push(...(await this.heal()));
    }
    return [...new Set([...found, ...livenessViolations(this.#picture('at the end'))])];
  }

  #isTraining = ({ state, calls }: TrackedFinetuning) =>
    state.intent === 'run' &&
    state.job_id !== null &&
    !isTerminal(state.status) &&
    state.gone_since === null &&
    !calls.some((call) => call.state === 'open');

  #boot(index: number): Member {
    const process = new Process();
    const deps: Dependencies = {
      store: memoryStore(this.tables, this.schedule, process),
      providers: registryOf(this.provider.as(process)),
      clock: () => new Date(START + this.#now + (this.#skews[index] ?? 0)).toISOString(),
      sightings: createSightings(() => this.#now),
      log: silent,
      scratch: tmpdir,
      settings,
    };
    return { process, deps, pursuit: createPursuit(deps) };
  }

  #member(index: number): Member {
    const member = this.#members[index % this.#members.length];
    if (!member) throw new Error('there is no process');
    return member;
  }

  #run(index: number): string | null {
    const ids = [...this.tables.rows.keys()];
    return ids[index % Math.max(1, ids.length)] ?? null;
  }

  #act(at: number, way: number | null): void {
    const { pending } = this.schedule;
    const index = at % Math.max(1, pending.length);
    const names = Object.keys(pending[index]?.faults ?? {});
    const fault = way === null ? null : (names[way % names.length] ?? null);
    if (way !== null && fault === null) return;
    if (fault !== null) this.faults += 1;
    this.schedule.act(index, fault);
  }

  #work({ process, pursuit }: Member, id: string | null): void {
    if (id === null || process.busyWith.has(id)) return;
    process.busyWith.add(id);
    this.schedule.start(() => pursuit.advance(id).finally(() => process.busyWith.delete(id)));
  }

  #create({ deps }: Member, key: string): void {
    this.schedule.start(() => createFinetuning(deps, principal, { db_connection_id: CONNECTION.id }, key));
  }

  #ask(what: 'cancel' | 'delete' | 'get', member: Member, id: string | null): void {
    if (id === null) return;
    if (what !== 'get') this.#asked.set(id, raise(this.#asked.get(id) ?? 'run', what));
    this.schedule.start(async () => {
      try {
        this.#tell(id, await this.#answer(what, member, id));
      } catch (error) {
        // Too late is an answer, and the wish is stored then too; a lost database is none.
        if (!(error instanceof DomainError) || error.code === 'not_found') throw error;
        if (error.finetuning) this.#tell(id, viewOf(error.finetuning));
      }
      if (what !== 'get') this.#acknowledged.set(id, raise(this.#acknowledged.get(id) ?? 'run', what));
    });
  }

  #cancelAll({ deps, pursuit }: Member): void {
    const ids = [...this.tables.rows.keys()];
    for (const id of ids) this.#asked.set(id, raise(this.#asked.get(id) ?? 'run', 'cancel'));
    this.schedule.startStrands(async () => {
      const answers = await cancelFinetunings(deps, pursuit, principal, ids, { wait_ms: 0 });
      for (const { id, finetuning } of answers) {
        if (!finetuning) continue;
        this.#tell(id, viewOf(finetuning));
        this.#acknowledged.set(id, raise(this.#acknowledged.get(id) ?? 'run', 'cancel'));
      }
    });
  }

  async #answer(what: 'cancel' | 'delete' | 'get', { deps, pursuit }: Member, id: string) {
    switch (what) {
      case 'cancel':
        return viewOf(await cancelFinetuning(deps, pursuit, principal, id, { wait_ms: 0 }));
      case 'delete':
        return deleteFinetuning(deps, pursuit, principal, id, 0);
      case 'get': {
        const found = await deps.store.finetunings.find(ORGANIZATION, id);
        return found ? viewOf(found) : {};
      }
      default:
        return what satisfies never;
    }
  }

  /** I10: each answer is held against the provider at the moment it is given. */
  #tell(id: string, told: Omit<Told, 'id'>): void {
    this.tables.violations.push(...untrueAnswers({ id, ...told }, this.#picture('during').jobs));
  }

  #picture(moment: 'during' | 'at the end'): Picture {
    const { foreign, jobs, files, requests, forgotten } = this.provider;
    const surplus = new Set(this.duplicates);
    return {
      rows: this.rows.map((row) => ({
        ...row,
        acknowledged: this.#acknowledged.get(row.id) ?? 'run',
        asked: this.#asked.get(row.id) ?? 'run',
        ...(moment === 'at the end' ? { history: this.tables.history.get(row.id) ?? [] } : {}),
      })),
      jobs: jobs
        .flatMap((job) => (foreign.jobs.includes(job) || surplus.has(job) ? [] : [this.#pictured(job)]))
        .concat(
          // What ran there was ended by the node that ran it.
          forgotten.flatMap((job) =>
            job.tag.goldtune_finetuning === undefined
              ? []
              : [{ ...this.#pictured(job), phase: 'cancelled' as const, forgotten: true }],
          ),
        ),
      files: [...files.values()].flatMap(({ id, name }) => {
        const [owner = '', attempt] = name.split('.');
        return foreign.files.includes(id) ? [] : [{ id, owner, attempt: Number(attempt) }];
      }),
      requests,
      foreign: {
        jobs: foreign.jobs,
        files: foreign.files.map((id) => ({ id, held: files.has(id) })),
      },
    };
  }

  #pictured({ id, tag, file_id, phase, trained, refused_to_begin, incarnation, waiting }: MemoryJob): PicturedJob {
    const owner = tag.goldtune_finetuning ?? '';
    if (!this.#forgetful) return { id, owner, file_id, phase, trained };
    // It would refuse to begin, or has.
    const inert = waiting ? !this.provider.files.has(file_id) : refused_to_begin || !trained;
    return { id, owner, file_id, phase, trained, incarnation: String(incarnation), inert };
  }

  /** Of each pair that one create has made, the job that its run does not claim. */
  get duplicates() {
    const claimed = new Set(this.rows.map((row) => row.state.job_id));
    return this.provider.jobs.flatMap((job) => {
      if (job.twin_of === null) return [];
      return [claimed.has(job.id) ? job.twin_of : job];
    });
  }
}
