// What an engine that forgets holds, as Slurm's controller does: a job waits, is released, and begins when there is room.
// Its records come back as they were some writes ago, their ids free for others; files and processes do not.

import type { LedgerJob } from '../../../server/provider/sandbox/entries.ts';
import { missing, refuse } from '../../../server/provider/sandbox/errors.ts';
import { Ledger } from '../../../server/provider/sandbox/ledger.ts';
import type { FileOf, Span } from '../../../server/provider/sandbox/served-ledger.ts';
import { momentOf } from '../../../server/provider/sandbox/timeline.ts';
import type { PicturedJob } from '../../oracle.ts';
import { trainingOn } from '../foreign.ts';
import { begun, failedToBegin, REFUSED, STARTED_BEFORE, stageOf, waiting } from './job.ts';

const ALL: Span = { after: null, limit: -1 };

/** The process of a job. `ending`: it has been told to end, and has not yet. */
type Trainer = 'training' | 'ending' | 'stopped' | 'succeeded' | 'failed';
/** Oldest first. */
type Save = { jobs: readonly LedgerJob[]; next: number };

export class ForgetfulLedger extends Ledger {
  /** All machines are taken: what is released waits. */
  isFull = false;
  /** Jobs that it does not remember. */
  readonly forgotten: LedgerJob[] = [];
  /** By training file. What ended by itself stays. */
  readonly #trainers = new Map<string, Trainer>();
  /** What it may come back to, oldest first; the last is how it is. */
  #saves: Save[] = [];
  #next = 1;

  constructor(now?: () => number) {
    super(':memory:', now);
    this.#save();
  }

  /** Those of jobs are given out again after it has forgotten some. */
  override newId(prefix: 'file' | 'ftjob'): string {
    return prefix === 'file' ? super.newId(prefix) : `ftjob-${this.#next++}`;
  }

  /** Held. What names no files was there before, as a test has planted it: that is on disk. */
  override addJob(fileIds: readonly string[], make: (fileOf: FileOf) => LedgerJob): LedgerJob {
    const isPlanted = fileIds.length === 0;
    const job = super.addJob(fileIds, (fileOf) => (isPlanted ? make(fileOf) : waiting(make(fileOf), 'held')));
    if (isPlanted) this.#saves = [];
    this.#save();
    return job;
  }

  /** Whatever its record says: a process that runs is shown as running, and one that has ended by itself, with its end. */
  override job(id: string): LedgerJob | null {
    const found = super.job(id);
    return found && this.#shown(found);
  }

  override listJobs(span: Span): LedgerJob[] | null {
    return super.listJobs(span)?.map((job) => this.#shown(job)) ?? null;
  }

  override change(...[id, make]: Parameters<Ledger['change']>): ReturnType<Ledger['change']> {
    const result = super.change(id, make);
    if (!result?.changed) return result;
    const { training_file, course } = result.job;
    if (this.#trainers.get(training_file) === 'training' && course.ending) {
      const { status } = course.ending;
      this.#trainers.set(training_file, status === 'cancelled' ? 'ending' : status);
      // The end of what had begun is on disk with that.
      if (status !== 'cancelled') this.#saves = [];
    }
    this.#save();
    return result;
  }

  /** A process ends itself once the file that it has taken is removed. */
  override deleteFile(id: string): boolean {
    if (this.#trainers.get(id) === 'training') this.#trainers.set(id, 'ending');
    return super.deleteFile(id);
  }

  /** What has not begun has nothing to finish. */
  override finishNow(id: string, status: 'succeeded' | 'failed', error: string | null = null): void {
    const job = super.job(id);
    if (job && this.#trainers.get(job.training_file) === 'training') super.finishNow(id, status, error);
  }

  /** @throws SandboxError where there is no such job, or it has ended */
  release(id: string): LedgerJob {
    const found = this.change(id, (job) => (stageOf(job) === 'held' ? waiting(job, 'released') : job));
    if (!found) throw missing(`Could not find fine tune: ${id}`, 'fine_tuning_job_id');
    if (!found.changed) throw refuse('Job has already completed', 'fine_tuning_job_id', 'invalid_state');
    return found.job;
  }

  /** What goes on by itself: processes end that were told to, and where there is room, what is released begins. */
  goOn(): void {
    for (const [file, trainer] of this.#trainers) if (trainer === 'ending') this.#trainers.set(file, 'stopped');
    this.#noticeEnds();
    if (this.isFull) return;
    for (const job of this.#records()) {
      if (stageOf(job) === 'released' && this.#statusOf(job) === 'queued') this.#begin(job);
    }
  }

  /** Its records are as they were so many writes ago, or as far back as it can go. A job's process is ended where it has no record. */
  comeBack(writes: number): void {
    const save = this.#saves.at(-1 - writes) ?? this.#saves[0];
    if (!save) return;
    const isKept = (job: LedgerJob) => save.jobs.some((one) => isSame(one, job));
    for (const job of this.#records()) {
      super.forgetJob(job.id);
      if (isKept(job) || stageOf(job) === undefined) continue;
      this.forgotten.push(job);
      if (this.#isTraining(job)) this.#trainers.set(job.training_file, 'stopped');
    }
    for (const job of save.jobs) super.addJob([], () => job);
    this.#next = save.next;
    this.#noticeEnds();
    this.#saves = [];
    this.#save();
  }

  /** Somebody else submits a job, and is given the next id. */
  intrude(): void {
    super.addJob([], () => trainingOn(this, `file-of-somebody-else-${this.#next}`, null));
    this.#save();
  }

  /** The jobs of ours, with what only the process table tells. */
  pictured(): PicturedJob[] {
    const shown = (this.listJobs(ALL) ?? []).map((job) => ({
      ...this.#pictured(job),
      phase: phaseOf(this.#statusOf(job)),
      inert: !this.#isTraining(job) && (this.hasTrained(job) || this.file(job.training_file) === null),
    }));
    const forgotten = this.forgotten.map((job) => ({
      ...this.#pictured(job),
      phase: 'cancelled' as const,
      forgotten: true,
    }));
    return [...shown, ...forgotten].filter(({ owner }) => owner !== '');
  }

  hasTrained = ({ training_file }: LedgerJob) => this.#trainers.has(training_file);

  #pictured(job: LedgerJob): Omit<PicturedJob, 'phase'> {
    const owner = stageOf(job) === undefined ? '' : (job.metadata?.['goldtune_finetuning'] ?? '');
    const { id, training_file } = job;
    return { id, owner, file_id: training_file, incarnation: training_file, trained: this.hasTrained(job) };
  }

  #shown(job: LedgerJob): LedgerJob {
    const trainer = stageOf(job) === undefined ? undefined : this.#trainers.get(job.training_file);
    switch (trainer) {
      case undefined:
      case 'stopped':
        return job;
      case 'training':
      case 'ending':
        return begun(job);
      case 'succeeded':
      case 'failed': {
        const { course } = begun(job);
        const error = trainer === 'failed' ? 'sandbox: ended as failed' : null;
        return { ...job, course: { ...course, ending: { status: trainer, at: this.now(), error } } };
      }
      default:
        return trainer satisfies never;
    }
  }

  #isTraining({ training_file }: LedgerJob): boolean {
    const trainer = this.#trainers.get(training_file);
    return trainer === 'training' || trainer === 'ending';
  }

  #begin(job: LedgerJob): void {
    const { training_file } = job;
    const refusal = this.#trainers.has(training_file) ? STARTED_BEFORE : this.file(training_file) ? null : REFUSED;
    if (refusal === null) this.#trainers.set(training_file, 'training');
    super.change(job.id, (one, now) => (refusal === null ? begun(one) : failedToBegin(one, refusal, now)));
    this.#save();
  }

  /** Of what it knows to have run and to run no more. */
  #noticeEnds(): void {
    for (const job of this.#records()) {
      if (this.#trainers.get(job.training_file) !== 'stopped' || this.#statusOf(job) !== 'running') continue;
      super.change(job.id, (one, at) => ({
        ...one,
        course: { ...one.course, ending: { status: 'cancelled', at, error: null } },
      }));
      this.#save();
    }
  }

  #statusOf = (job: LedgerJob) => momentOf(job.course, this.now()).status;

  #records = () => (super.listJobs(ALL) ?? []).toReversed();

  #save(): void {
    this.#saves.push({ jobs: this.#records(), next: this.#next });
  }
}

const isSame = (one: LedgerJob, other: LedgerJob) => one.id === other.id && one.training_file === other.training_file;

const phaseOf = (status: ReturnType<typeof momentOf>['status']): PicturedJob['phase'] =>
  status === 'succeeded' || status === 'failed' || status === 'cancelled' ? status : 'active';
