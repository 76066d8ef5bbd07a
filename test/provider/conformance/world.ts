// What the conformance suite asks of a provider's world: how its jobs are moved, and what is true there, whoever tells it.
import type { Guarantees } from '../../../server/finetuning/guarantees.ts';
import type { JobRef, Provider } from '../../../server/finetuning/provider.ts';

/** Where a job may stand when it is cancelled, before it is over. */
export type StartingState = 'held' | 'validating_files' | 'queued' | 'running';
export type Ending = 'succeeded' | 'failed';
/** Mutations of the port whose answer may be lost. */
export type Mutation = 'uploadFile' | 'createJob' | 'releaseJob' | 'cancelJob' | 'deleteFile';

/** A job as the world itself knows it, not as it is told. */
export type LedgerJob = {
  id: string;
  /** It does not train any more, and never will again. */
  isOver: boolean;
  /** It has begun to train at some time. */
  hasTrained: boolean;
};

export type World = AsyncDisposable & {
  provider: Provider;
  /** A model that can be trained there. */
  model: string;
  /** The job is brought to that state, and stays there until the suite moves it on. */
  reach(job: JobRef, state: StartingState): Promise<void>;
  /** The job ends by itself. */
  finish(job: JobRef, ending: Ending): Promise<void>;
  /** Of everybody: others may be at work in the same world. */
  jobs(): Promise<LedgerJob[]>;
  /** Ids of the files that are there. */
  files(): Promise<string[]>;
  /**
   * The next such request is lost on its way there, or its answer on its way back.
   * @returns whether it can be lost there: it may be no request at all
   */
  lose?(mutation: Mutation, what: 'request' | 'answer'): Promise<boolean>;
  /**
   * The world forgets the job and hands its id to another one, which trains. Only for an engine that can forget.
   * @returns once that job is there
   */
  reuseId?(job: JobRef): Promise<void>;
};

export type Subject = {
  name: string;
  guarantees: Guarantees;
  /** The states that a job can be brought to there. */
  states: readonly StartingState[];
  endings: readonly Ending[];
  /** May be the same world each time: the suite tells its own jobs and files from others'. */
  open(): Promise<World>;
};
