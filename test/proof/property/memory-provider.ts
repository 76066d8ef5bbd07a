// The provider port in memory. The arrival of each request and its reply are scheduled apart, and either may fail.
import { unlistedModel } from '../../../server/finetuning/catalogue.ts';
import {
  bareRef,
  isJobOf,
  isSameJob,
  type JobRef,
  type JobRequest,
  type Listing,
  type Outcome,
  type Provider,
  type ProviderFile,
  type ProviderJob,
  type Refusal,
} from '../../../server/finetuning/provider.ts';
import { openAiGuarantees, openAiParameters } from '../../../server/provider/openai/guarantees.ts';
import type { PicturedRequest } from '../../oracle.ts';
import { ELSEWHERE, STRANGE_OWNER } from '../foreign-tag.ts';
import type { Pending, Process, Schedule } from './process.ts';

export const MODEL = 'gpt-4.1-mini';

export type MemoryJob = {
  id: string;
  phase: ProviderJob['phase'];
  file_id: string;
  tag: ProviderJob['tag'];
  /** From then on it is shown, in simulated milliseconds. */
  visible_at: number;
  /** Until then it is validated; without its file it fails, and has not trained. */
  validated_at: number;
  trained: boolean;
  /** Its file was gone, also where it had begun before the engine came back as it was. */
  refused_to_begin?: true;
  /** Which of those that have had its id. */
  incarnation: number;
  /** It waits for its release. */
  held: boolean;
  /** It has not begun: it takes its file when it does, and refuses to begin without. */
  waiting: boolean;
  /** The job that the same request had made before: it was executed twice, behind our back. */
  twin_of: MemoryJob | null;
};

/** A new job may stay hidden for so long; the settle window of the simulation is longer. */
const LONGEST_LAG_MS = 30_000;
/** A job may be validated for so long: it is still at it when a window has passed. */
const VALIDATING_MS = 100_000;
/** A file may be imported for so long. */
const IMPORTING_MS = 25_000;

type MemoryFile = { id: string; name: string; ready_at: number };

export class MemoryProvider {
  readonly jobs: MemoryJob[] = [];
  readonly files = new Map<string, MemoryFile>();
  readonly foreign: { jobs: MemoryJob[]; files: readonly string[] };
  /** Mutations that were sent, from the moment they left. */
  readonly requests: PicturedRequest[] = [];
  /** Of those that the engine does not remember. */
  readonly forgotten: MemoryJob[] = [];
  lateCreatesRefused = 0;
  #uploads = 0;
  #made = 0;
  /** What it may come back to: it does not save each of its writes. */
  #saved: (readonly MemoryJob[])[] = [];
  readonly #forgetful: boolean;
  readonly #schedule: Schedule;
  readonly #now: () => number;

  /** @param forgetful it holds its jobs until they are released, and can forget what it has acknowledged */
  constructor(schedule: Schedule, now: () => number, forgetful: boolean) {
    this.#forgetful = forgetful;
    this.#schedule = schedule;
    this.#now = now;
    // Somebody else's, on the same account (I11).
    const theirs = () => ({
      phase: 'active' as const,
      visible_at: 0,
      validated_at: 0,
      trained: true,
      incarnation: this.#made++,
      held: false,
      waiting: false,
      twin_of: null,
    });
    const tag = { goldtune_finetuning: STRANGE_OWNER, goldtune_attempt: '1', goldtune_deployment: ELSEWHERE };
    this.jobs.push({ ...theirs(), id: 'foreign', file_id: 'file-foreign', tag: {} });
    this.jobs.push({ ...theirs(), id: 'foreign-tagged', file_id: 'file-foreign-named', tag });
    this.files.set('file-foreign', { id: 'file-foreign', name: 'theirs.jsonl', ready_at: 0 });
    this.files.set('file-foreign-named', { id: 'file-foreign-named', name: `${STRANGE_OWNER}.1.jsonl`, ready_at: 0 });
    this.foreign = { jobs: [...this.jobs], files: [...this.files.keys()] };
    this.#save();
  }

  /** The provider as one process reaches it. */
  as(process: Process): Provider {
    const ask = <T>(label: string, executions: Executions<T>) => this.#ask(process, label, executions);
    const sent = (kind: PicturedRequest['kind'], about: string) => this.requests.push({ kind, about });
    return {
      name: 'memory',
      ledger: 'memory',
      owns: (recorded) => recorded === 'memory',
      sandbox: true,
      guarantees: this.#forgetful
        ? { ...openAiGuarantees, start: 'held', stop: 'fence_then_cancel' }
        : openAiGuarantees,
      parameters: openAiParameters,
      releaseJob: !this.#forgetful
        ? null
        : (job) => {
            sent('release', job.id);
            return ask('release', {
              execute: () => this.#release(job),
              refusals: [refusal('busy', 429), refusal('missing', 404), refusal('invalid', 400)],
            });
          },
      readLogs: null,
      checkReachable: null,
      open_catalogue: false,
      models: [{ ...unlistedModel(MODEL), max_example_tokens: 65_536, tokens: { exact: true } }],
      uploadFile: (file) => {
        sent('upload', file.name);
        return ask('upload', {
          execute: () => this.#upload(file.name),
          odd: { 'uploaded, still importing': () => this.#upload(file.name, IMPORTING_MS) },
          refusals: [refusal('busy', 429), refusal('unauthorized', 401)],
        });
      },
      deleteFile: (id) => {
        sent('delete_file', id);
        return ask('delete file', {
          execute: () => (this.#remove(id) ? done({ id }) : { kind: 'refused', refusal: refusal('missing', 404) }),
          // The last is not true.
          refusals: [refusal('busy', 429), refusal('unauthorized', 401), refusal('missing', 404)],
        });
      },
      getFile: (id) =>
        ask('get file', {
          execute: () => {
            const file = this.files.get(id);
            return file ? done(this.#viewFile(file)) : { kind: 'refused', refusal: refusal('missing', 404) };
          },
          refusals: [...readRefusals, refusal('missing', 404)],
        }),
      listFiles: (finetuning) =>
        ask('list files', {
          // Those of others are left out where one run's are looked for.
          execute: () =>
            done(
              whole(
                [...this.files.values()]
                  .map(this.#viewFile)
                  .filter(({ name }) => finetuning === undefined || name.startsWith(`${finetuning}.`)),
              ),
            ),
          odd: { 'cut short': () => done(cutShort) },
          refusals: readRefusals,
        }),
      createJob: (request) => {
        sent('create', request.training_file_id);
        return ask('create', {
          execute: () => this.#create(request),
          late: () => {
            if (this.#create(request).kind === 'refused') this.lateCreatesRefused += 1;
          },
          odd: {
            'created, not shown yet': () => this.#create(request, { lag: true }),
            'created, not shown yet, still validated': () => this.#create(request, { lag: true, validating: true }),
            'created, answered under another id': () => {
              const made = this.#create(request);
              return made.kind === 'done' ? done({ ...made.value, id: `alias-of-${made.value.id}` }) : made;
            },
            ...(this.#forgetful ? {} : { 'created twice': () => this.#createTwice(request) }),
          },
          refusals: [refusal('busy', 429), refusal('unauthorized', 401), refusal('invalid', 400)],
        });
      },
      getJob: ({ id }) =>
        ask('get', {
          execute: () => this.#show(id),
          refusals: [...readRefusals, refusal('missing', 404)],
        }),
      findJobs: (wanted) =>
        ask('find', {
          execute: () => done(whole(this.#shown().filter((job) => isJobOf(wanted, job)))),
          odd: { 'cut short': () => done(cutShort) },
          refusals: readRefusals,
        }),
      listJobs: (deployment) =>
        ask('list', {
          execute: () => done(whole(this.#shown().filter((job) => job.tag.goldtune_deployment === deployment))),
          odd: { 'cut short': () => done(cutShort) },
          refusals: readRefusals,
        }),
      cancelJob: (job) => {
        const { id } = job;
        sent('cancel', id);
        return ask('cancel', {
          execute: () => this.#cancel(job),
          odd: {
            'said to be cancelled, and is not': () => {
              const shown = this.#show(id);
              return shown.kind === 'done' ? done({ ...shown.value, ...words('cancelled') }) : shown;
            },
          },
          refusals: [refusal('busy', 429), refusal('missing', 404), refusal('invalid', 400)],
        });
      },
      getProgress: ({ id }) =>
        ask('progress', {
          // An engine that forgets says nothing of it, but for what its jobs say that have not begun.
          execute: () => done(this.#find(id)?.trained && !this.#forgetful ? oneStep : null),
          refusals: readRefusals,
        }),
    };
  }

  /** Ends by itself, or by somebody at the provider. */
  finish(job: MemoryJob, phase: 'succeeded' | 'failed' | 'cancelled'): void {
    if (job.phase !== 'active' || (job.waiting && phase !== 'cancelled')) return;
    this.#set(job, { phase });
  }

  /** What has been released begins: it takes its file, or refuses. */
  begin(): void {
    for (const job of this.jobs) {
      if (job.phase !== 'active' || !job.waiting || job.held) continue;
      if (this.files.delete(job.file_id)) this.#set(job, { waiting: false, trained: true });
      else this.#set(job, { waiting: false, phase: 'failed', refused_to_begin: true });
    }
  }

  /** The engine comes back as it was: what it has acknowledged since is forgotten, and its ids are free. */
  comeBack(at: number): void {
    const then = this.#saved[at % this.#saved.length];
    if (!then || !this.#forgetful) return;
    const trained = new Set(this.jobs.filter((job) => job.trained).map((job) => job.incarnation));
    this.forgotten.push(...this.jobs.filter((job) => !then.some((kept) => kept.incarnation === job.incarnation)));
    // That a job has trained is no record of the engine's.
    const back = then.map((job) => ({ ...job, trained: trained.has(job.incarnation) }));
    this.jobs.splice(0, this.jobs.length, ...back);
    this.foreign.jobs = this.jobs.filter((job) => this.foreign.jobs.some((its) => its.incarnation === job.incarnation));
    this.#saved = [];
    this.#save();
  }

  /** Somebody else submits a job, and is given the next id. */
  intrude(): void {
    if (!this.#forgetful) return;
    const theirs = { ...this.jobs[0], id: `job-${this.jobs.length}`, incarnation: this.#made++ } as MemoryJob;
    this.jobs.push(theirs);
    this.foreign.jobs.push(theirs);
    this.#save();
  }

  readonly #save = () => this.#saved.push(this.jobs.map((job) => ({ ...job })));

  /** The end of what has begun is on disk at once; all else is saved when it happens to be. */
  #set(job: MemoryJob, change: Partial<MemoryJob>): void {
    const ends = !job.waiting && change.phase !== undefined;
    Object.assign(job, change);
    if (ends || change.phase === 'failed') this.#saved = [];
    this.#save();
  }

  #upload(name: string, importing_ms = 0): Outcome<ProviderFile> {
    this.#uploads += 1;
    const file = { id: `file-${this.#uploads}`, name, ready_at: this.#now() + importing_ms };
    this.files.set(file.id, file);
    return done(this.#viewFile(file));
  }

  /** A job that still needs its file for being validated fails without it. */
  #remove(id: string): boolean {
    for (const job of this.jobs) {
      if (job.file_id !== id || job.phase !== 'active' || this.#now() >= job.validated_at) continue;
      Object.assign(job, { phase: 'failed', trained: false });
    }
    return this.files.delete(id);
  }

  #create(
    request: JobRequest,
    how: { lag?: boolean; validating?: boolean; twin_of?: MemoryJob } = {},
  ): Outcome<ProviderJob> {
    const file = this.files.get(request.training_file_id);
    if (!file) return { kind: 'refused', refusal: refusal('invalid', 400) };
    if (this.#now() < file.ready_at) return { kind: 'refused', refusal: refusal('not_ready', 400) };
    const job: MemoryJob = {
      id: `job-${this.jobs.length}`,
      phase: 'active',
      file_id: request.training_file_id,
      tag: request.tag,
      visible_at: this.#now() + (how.lag ? LONGEST_LAG_MS : 0),
      validated_at: this.#now() + (how.validating ? VALIDATING_MS : 0),
      trained: !this.#forgetful,
      incarnation: this.#made++,
      held: this.#forgetful,
      waiting: this.#forgetful,
      twin_of: how.twin_of ?? null,
    };
    this.jobs.push(job);
    this.#save();
    return done(this.#view(job));
  }

  #createTwice(request: JobRequest): Outcome<ProviderJob> {
    const first = this.#create(request);
    const twin_of = first.kind === 'done' ? this.jobs.at(-1) : undefined;
    return twin_of ? this.#create(request, { twin_of }) : first;
  }

  #release(ref: JobRef): Outcome<ProviderJob> {
    const job = this.#named(ref);
    if (!job) return { kind: 'refused', refusal: refusal('missing', 404) };
    if (job.phase !== 'active') return { kind: 'refused', refusal: refusal('invalid', 400) };
    this.#set(job, { held: false });
    return done(this.#view(job));
  }

  /** Under its id, unless that has become another's. */
  #named(ref: JobRef): MemoryJob | undefined {
    const job = this.#find(ref.id);
    return job && isSameJob(ref, this.#view(job)) ? job : undefined;
  }

  #cancel(ref: JobRef): Outcome<ProviderJob> {
    const job = this.#named(ref);
    if (!job) return { kind: 'refused', refusal: refusal('missing', 404) };
    if (job.phase !== 'active') return { kind: 'refused', refusal: refusal('invalid', 400) };
    this.#set(job, { phase: 'cancelled' });
    return done(this.#view(job));
  }

  #show(id: string): Outcome<ProviderJob> {
    const job = this.#find(id);
    return job ? done(this.#view(job)) : { kind: 'refused', refusal: refusal('missing', 404) };
  }

  #find = (id: string) => this.jobs.find((job) => job.id === id && job.visible_at <= this.#now());
  #shown = () => this.jobs.filter((job) => job.visible_at <= this.#now()).map(this.#view);
  #view = (job: MemoryJob): ProviderJob => ({
    ...view(job, this.#now() < job.validated_at),
    ...(this.#forgetful ? { incarnation: String(job.incarnation) } : {}),
  });
  #viewFile = ({ id, name, ready_at }: MemoryFile): ProviderFile => ({ id, name, ready: this.#now() >= ready_at });

  #ask<T>(process: Process, label: string, { execute, late = execute, odd = {}, refusals }: Executions<T>) {
    return this.#schedule.wait<Outcome<T>>(({ open }): Pending => {
      const unknown = (): null => {
        open({ kind: 'unknown', reason: 'no answer' });
        return null;
      };
      const reply = (outcome: Outcome<T>): Pending => {
        const arriving: Pending = {
          process,
          label: `reply to ${label}`,
          move() {
            if (arriving.process !== null) open(outcome);
            return null;
          },
          faults: { 'executed, the reply is lost': unknown },
        };
        return arriving;
      };
      const request: Pending = {
        process,
        label,
        move() {
          if (request.process !== null) return reply(execute());
          late();
          return null;
        },
        faults: {
          'lost on its way': unknown,
          'late, its sender gives up'() {
            unknown();
            return Object.assign(request, { process: null });
          },
          ...Object.fromEntries(
            refusals.map((refused) => [
              `refused with ${refused.status}`,
              () => reply({ kind: 'refused', refusal: refused }),
            ]),
          ),
          ...Object.fromEntries(Object.entries(odd).map(([name, run]) => [name, () => reply(run())])),
        },
      };
      return request;
    });
  }
}

type Executions<T> = {
  execute: () => Outcome<T>;
  /** When nobody waits for the answer any more. */
  late?: () => unknown;
  /** Executions that are not what was asked for. */
  odd?: Record<string, () => Outcome<T>>;
  /** Answers that prove that nothing was executed. */
  refusals: readonly Refusal[];
};

const done = <T>(value: T): Outcome<T> => ({ kind: 'done', value });
const refusal = (code: Refusal['code'], status: number): Refusal => ({ code, status, message: code });
const readRefusals = [refusal('busy', 429), refusal('unauthorized', 401)];

const oneStep = { step: 1, total_steps: 1, train_loss: null, valid_loss: null };
const whole = <T>(found: T[]): Listing<T> => ({ found, incomplete: null });
const cutShort: Listing<never> = { found: [], incomplete: 'it goes round' };

const words = (phase: ProviderJob['phase']) => ({
  phase,
  provider_status: phase === 'active' ? 'running' : phase,
  shown_status: phase === 'active' ? ('running' as const) : null,
});

const view = ({ id, phase, file_id, tag, held, trained, waiting }: MemoryJob, validating: boolean): ProviderJob => ({
  ...bareRef(id),
  ...words(phase),
  ...(waiting && phase === 'active' ? { provider_status: 'queued', shown_status: 'queued' as const } : {}),
  held: held && phase === 'active',
  ...(phase === 'failed' && !trained ? { never_trained: true } : {}),
  ...(validating && phase === 'active'
    ? { provider_status: 'validating_files', shown_status: 'validating_files' as const }
    : {}),
  model_id: phase === 'succeeded' ? 'model' : null,
  trained_tokens: null,
  error: phase === 'failed' ? 'it failed' : null,
  estimated_finish: null,
  training_file_id: file_id,
  tag,
});
