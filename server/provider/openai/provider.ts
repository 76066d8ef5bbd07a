// The provider port over the official client, against any OpenAI-compatible base URL.
import {
  type CatalogueModel,
  isJobOf,
  type JobRequest,
  type Provider,
  type ProviderJob,
} from '../../finetuning/provider.ts';
import { checkAccount, type ToldAccount } from './account.ts';
import { attempt } from './classify.ts';
import { openAiClient } from './client.ts';
import { isSameLedger } from './ledger.ts';
import { listAll, PAGE } from './list.ts';
import { deletedFileReply, fileReply, jobReply, latestProgress, pageReply } from './replies.ts';

export type OpenAiOptions = {
  apiKey: string;
  /** Undefined: OpenAI itself. */
  baseUrl?: string | undefined;
  organization?: string | undefined;
  project?: string | undefined;
  /** As the provider calls it; a list of another one is no list. Null: not known. */
  account?: ToldAccount | null;
  timeoutMs: number;
  ledger: string;
  sandbox: boolean;
  models: readonly CatalogueModel[];
};

export function openAiProvider(options: OpenAiOptions): Provider {
  const client = openAiClient(options);

  /** The reply as it came: the client's page object hides what the provider said about more pages. */
  async function pageText(page: { asResponse(): Promise<Response> }): Promise<string> {
    const response = await page.asResponse();
    checkAccount(options.account ?? null, response.headers);
    return response.text();
  }

  /** The client's own time-out ends with the headers; the signal also covers a body that never ends. */
  const within = (timeout_ms = options.timeoutMs) => ({
    timeout: timeout_ms,
    signal: AbortSignal.timeout(timeout_ms),
  });

  const job = (send: () => Promise<unknown>) => attempt(send, jobReply);

  // The provider's own metadata filter is not trusted (DESIGN 3.5): we match on what the whole list shows.
  const jobsThat = (isWanted: (job: ProviderJob) => boolean) =>
    listAll(
      (after) => pageText(client.fineTuning.jobs.list({ limit: PAGE, ...(after ? { after } : {}) }, within())),
      jobReply,
      isWanted,
    );

  return {
    ledger: options.ledger,
    owns: (recorded) => isSameLedger(recorded, options.ledger),
    sandbox: options.sandbox,
    models: options.models,

    async uploadFile(file, timeout_ms) {
      const outcome = await attempt(
        () => client.files.create({ file, purpose: 'fine-tune' }, within(timeout_ms)),
        fileReply,
      );
      return outcome.kind === 'done' ? { kind: 'done', value: { ...outcome.value, name: file.name } } : outcome;
    },

    deleteFile: (fileId) => attempt(() => client.files.delete(fileId, within()), deletedFileReply),

    getFile: (fileId) =>
      attempt(
        () => client.files.retrieve(fileId, within()),
        fileReply.refine((reply) => reply.id === fileId, 'another file was returned'),
      ),

    listFiles: () =>
      listAll(
        (after) =>
          pageText(client.files.list({ purpose: 'fine-tune', limit: PAGE, ...(after ? { after } : {}) }, within())),
        fileReply,
        () => true,
      ),

    createJob: (request) => job(() => client.fineTuning.jobs.create(createBody(request), within())),

    getJob: (jobId) => job(() => client.fineTuning.jobs.retrieve(jobId, within())),

    cancelJob: (jobId) => job(() => client.fineTuning.jobs.cancel(jobId, within())),

    findJobs: (wanted) => jobsThat((candidate) => isJobOf(wanted, candidate)),

    listJobs: (deployment) => jobsThat((candidate) => candidate.tag.goldtune_deployment === deployment),

    async getProgress(jobId) {
      const page = await attempt(
        async () => JSON.parse(await pageText(client.fineTuning.jobs.listEvents(jobId, { limit: PAGE }, within()))),
        pageReply,
      );
      return page.kind === 'done' ? { kind: 'done', value: latestProgress(page.value.data) } : page;
    },
  };
}

const createBody = (request: JobRequest) => ({
  model: request.model_name,
  training_file: request.training_file_id,
  ...(request.suffix ? { suffix: request.suffix } : {}),
  method: {
    type: 'supervised' as const,
    supervised: {
      hyperparameters: {
        n_epochs: request.n_epochs,
        batch_size: request.batch_size,
        learning_rate_multiplier: request.learning_rate_multiplier,
      },
    },
  },
  metadata: { ...request.tag },
});
