// The provider port: what the domain asks of a model provider, and the three ways an answer can turn out.
// Nothing here knows OpenAI; adapters live in server/provider.

/**
 * How a request to the provider ended.
 * - `done`: executed, and the reply was understood.
 * - `refused`: proven not executed.
 * - `unknown`: anything else (time-out, reset, 5xx, unreadable reply). It may have been executed, or may still be.
 */
export type Outcome<T> =
  | { kind: 'done'; value: T }
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'unknown'; reason: string };

export type Refusal = {
  /**
   * `missing`: the thing named does not exist (404). `busy`: rate limit or quota, worth another try.
   * `not_ready`: the training file is still being imported, worth another try with the same file.
   */
  code: 'invalid' | 'unauthorized' | 'forbidden' | 'missing' | 'busy' | 'not_ready';
  message: string;
  /** HTTP status of the refusal. */
  status: number;
  /** How long the provider asked us to wait, in milliseconds; never more than an hour. */
  retry_after_ms?: number | undefined;
};

/** The metadata on every job we create; how a job is found again when the reply to its creation was lost. */
export type JobTag = {
  goldtune_finetuning: string;
  goldtune_attempt: string;
  goldtune_deployment: string;
};

export type ProviderJob = {
  id: string;
  /** `active` is every status that is not final, also one we do not know. */
  phase: 'active' | 'succeeded' | 'failed' | 'cancelled';
  /** The status word exactly as the provider said it. */
  provider_status: string;
  /** Which of our documented non-final statuses an active job shows as; null keeps what was shown before. */
  shown_status: 'validating_files' | 'queued' | 'running' | null;
  model_id: string | null;
  trained_tokens: number | null;
  error: string | null;
  /** ISO 8601, or null where the provider gives no estimate. */
  estimated_finish: string | null;
  training_file_id: string | null;
  tag: Partial<JobTag>;
};

export type JobProgress = {
  step: number | null;
  total_steps: number | null;
  train_loss: number | null;
  valid_loss: number | null;
};

/** `ready: false`: the provider is still importing it, and a create would be refused. */
export type ProviderFile = { id: string; name: string; ready: boolean };

/** What a list showed. What is on it is there; what is not may be missing only where the list is whole. */
export type Listing<T> = {
  found: T[];
  /** Why this is not all there is; null where it is. */
  incomplete: string | null;
};

/** The jobs of a finetuning, or of one of its attempts. */
export type JobSearch = { finetuning: string; attempt: number | null; file_ids: readonly string[] };

/**
 * By tag, whatever the deployment is called now; by file where the provider keeps no tag.
 * Being found too often is safe; not being found is taken for proof.
 */
export function isJobOf({ finetuning, attempt, file_ids }: JobSearch, job: ProviderJob): boolean {
  const { goldtune_finetuning, goldtune_attempt } = job.tag;
  const isOfFile = job.training_file_id !== null && file_ids.includes(job.training_file_id);
  if (goldtune_finetuning === undefined) return isOfFile;
  if (goldtune_finetuning !== finetuning) return false;
  // What is left out does not tell two jobs apart, and neither does a file under an id of a gateway's own.
  return isOfFile || attempt === null || goldtune_attempt === undefined || goldtune_attempt === String(attempt);
}

export type JobRequest = {
  model_name: string;
  training_file_id: string;
  /** Numbers or "auto"; numeric strings are converted before they get here. */
  n_epochs: number | 'auto';
  batch_size: number | 'auto';
  learning_rate_multiplier: number | 'auto';
  suffix: string | null;
  tag: JobTag;
};

export type CatalogueModel = {
  name: string;
  /** Tokens one training example may have at most. */
  max_example_tokens: number;
  encoding: 'o200k_base' | 'cl100k_base';
  /** US dollars for a million trained tokens; null where no public price is known. */
  usd_per_million_trained_tokens: number | null;
  /** ISO date from which the provider no longer trains it; null where none is announced. */
  shut_down_on: string | null;
};

/** A model provider. Mutations are sent once, never retried here (I2: each has its own committed call row). */
export interface Provider {
  /** Which ledger the jobs live in. A run started at one is never judged by another. */
  readonly ledger: string;
  /** Whether a run that was recorded with this ledger lives in ours, however it was spelt then. */
  owns(ledger: string): boolean;
  /** True for the built-in emulator, which trains nothing. */
  readonly sandbox: boolean;
  readonly models: readonly CatalogueModel[];

  uploadFile(file: File, timeout_ms: number): Promise<Outcome<ProviderFile>>;
  deleteFile(fileId: string): Promise<Outcome<{ id: string }>>;
  getFile(fileId: string): Promise<Outcome<ProviderFile>>;
  /** All files, ours by their `<finetuning id>.<attempt>.jsonl` names. */
  listFiles(): Promise<Outcome<Listing<ProviderFile>>>;
  createJob(request: JobRequest): Promise<Outcome<ProviderJob>>;
  /** What is shown for the id, under whatever id it is shown. */
  getJob(jobId: string): Promise<Outcome<ProviderJob>>;
  /** Jobs that are of the run by tag or by file; the provider's own filter is not trusted. */
  findJobs(wanted: JobSearch): Promise<Outcome<Listing<ProviderJob>>>;
  /** All jobs of our deployment, for the janitor. */
  listJobs(deployment: string): Promise<Outcome<Listing<ProviderJob>>>;
  cancelJob(jobId: string): Promise<Outcome<ProviderJob>>;
  /** Latest step and losses; null where the job has reported none yet. */
  getProgress(jobId: string): Promise<Outcome<JobProgress | null>>;
}
