// The provider port: what the domain asks of a model provider, and the three ways an answer can turn out.
// Nothing here knows one provider from another: adapters live in server/provider, and say what they are as data.
import type { CatalogueModel, Hyperparameters, Parameter } from './catalogue.ts';
import type { Guarantees } from './guarantees.ts';

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
   * `missing`: the thing named does not exist (404). `busy`: a rate limit, worth another try.
   * `not_ready`: the training file is still being imported, worth another try with the same file.
   * `exhausted`: credit or quota is used up; worth another try once somebody has added to it.
   * `closed`: the provider has ended this service, for this account or for all.
   */
  code: 'invalid' | 'unauthorized' | 'forbidden' | 'missing' | 'busy' | 'not_ready' | 'exhausted' | 'closed';
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

/**
 * Which job is meant. An id alone is not enough: an engine that forgets hands its ids out again, and the job under it is
 * then somebody else's. Null where the provider has no such thing.
 */
export type JobRef = {
  id: string;
  /** The name that we gave it, never used twice. */
  name: string | null;
  /** What tells this job from another that has had the same id, as when it was submitted. */
  incarnation: string | null;
};

/** Of a job of which nothing else is known yet. */
export const bareRef = (id: string): JobRef => ({ id, name: null, incarnation: null });

/** Whether what is shown for an id is the job that is meant. */
export const isSameJob = (wanted: JobRef, shown: JobRef) =>
  isSame(wanted.name, shown.name) && isSame(wanted.incarnation, shown.incarnation);

const isSame = (one: string | null, other: string | null) => one === null || other === null || one === other;

export type ProviderJob = JobRef & {
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
  /** It waits for its release, and does not train before. */
  held: boolean;
  /** For people: why it waits there. Left out or null: nothing is known of that. */
  note?: string | null;
  /**
   * What its own script says. True: it refused to start, and nothing of its file was ever trained. False: it has begun to
   * train, so no other attempt may be made. Left out: not known.
   */
  never_trained?: boolean;
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

/** Whether what was found is all that is wanted of a list. */
export type IsEnough = (found: readonly ProviderJob[]) => boolean;

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

export type JobRequest = Hyperparameters & {
  model_name: string;
  training_file_id: string;
  suffix: string | null;
  tag: JobTag;
};

/** `whole`: nothing was printed before it. */
export type PrintedTail = { text: string; whole: boolean };

/** A model provider. Mutations are sent once, never retried here (I2: each has its own committed call row). */
export interface Provider {
  /** As the configuration names it, and requests choose it. */
  readonly name: string;
  /** Which ledger the jobs live in. A run started at one is never judged by another. */
  readonly ledger: string;
  /** Whether a run that was recorded with this ledger lives in ours, however it was spelt then. */
  owns(ledger: string): boolean;
  /** True for the built-in emulator, which trains nothing. */
  readonly sandbox: boolean;
  readonly guarantees: Guarantees;
  readonly models: readonly CatalogueModel[];
  /** Whether it trains whatever model is named, as one's own machines do; `models` are those of which more is known. */
  readonly open_catalogue: boolean;
  /** The hyperparameters it takes; another one is refused by name, with these. */
  readonly parameters: readonly Parameter[];

  uploadFile(file: File, timeout_ms: number): Promise<Outcome<ProviderFile>>;
  deleteFile(fileId: string): Promise<Outcome<{ id: string }>>;
  getFile(fileId: string): Promise<Outcome<ProviderFile>>;
  /**
   * All files, ours by their `<finetuning id>.<attempt>.jsonl` names.
   * @param finetuning whose files are looked for: those of others may be left out
   */
  listFiles(finetuning?: string): Promise<Outcome<Listing<ProviderFile>>>;
  /** Held, where the guarantees say so. */
  createJob(request: JobRequest): Promise<Outcome<ProviderJob>>;
  /** Lets a held job begin; null where jobs begin at their create. */
  readonly releaseJob: ((job: JobRef) => Promise<Outcome<ProviderJob>>) | null;
  /** What is shown for the id, under whatever id it is shown; of another incarnation too. */
  getJob(job: JobRef): Promise<Outcome<ProviderJob>>;
  /** Jobs that are of the run by tag or by file; the provider's own filter is not trusted. */
  findJobs(wanted: JobSearch): Promise<Outcome<Listing<ProviderJob>>>;
  /**
   * All jobs of our deployment, newest first where the provider has an order.
   * @param isEnough asked after each page, with all that was found so far; a list that ends for it is not whole
   */
  listJobs(deployment: string, isEnough?: IsEnough): Promise<Outcome<Listing<ProviderJob>>>;
  /** Refused as `missing`, and nothing is touched, where the id has become another job (I11). */
  cancelJob(job: JobRef): Promise<Outcome<ProviderJob>>;
  /** Latest step and losses; null where the job has reported none yet. */
  getProgress(job: JobRef): Promise<Outcome<JobProgress | null>>;
  /**
   * The end of what the trainer has printed, oldest first, by `plainText`: with what steers a terminal in it a secret is
   * not known for one. It may begin anywhere where it is not `whole`. Null where the provider shows no such thing.
   */
  readonly readLogs: ((job: JobRef, most_bytes: number) => Promise<Outcome<PrintedTail>>) | null;
  /** Whether it answers us, by the cheapest thing to ask for; null where nothing is cheap. */
  readonly checkReachable: ((timeout_ms: number) => Promise<Outcome<null>>) | null;
}

/** What has come in a provider's name, by webhook: proven or not, and which of its jobs it says something of. */
export type ReadWebhook = (
  body: Uint8Array,
  headers: Headers,
) => Promise<
  | { kind: 'unproven'; reason: string }
  /** It is the provider's, about something that no run depends on. */
  | { kind: 'nothing' }
  /** `id`: of the webhook, the same however often it is sent. */
  | { kind: 'hint'; id: string; job_id: string }
>;

/** The providers that are configured. A run belongs to the one it was created at, for ever. */
export interface Providers {
  readonly all: readonly Provider[];
  /** Where a run is created that names none. */
  readonly standard: Provider;
  /** The only one that is OpenAI itself, whatever it is called; null where there is none, or more than one. */
  readonly openAi: Provider | null;
  /** Null where the provider of such a run is not configured any more. */
  of(ledger: string): Provider | null;
}
