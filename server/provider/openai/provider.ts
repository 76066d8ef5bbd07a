// The provider port over the official client, against any OpenAI-compatible base URL.
import { z } from 'zod';
import type { CatalogueModel, JobRequest, Outcome, Provider, ProviderJob } from '../../finetuning/provider.ts';
import { attempt } from './classify.ts';
import { openAiClient } from './client.ts';
import { deletedFileReply, fileReply, jobReply, latestProgress, pageReply } from './replies.ts';

export type OpenAiOptions = {
  apiKey: string;
  /** Undefined: OpenAI itself. */
  baseUrl?: string | undefined;
  organization?: string | undefined;
  project?: string | undefined;
  timeoutMs: number;
  ledger: string;
  sandbox: boolean;
  models: readonly CatalogueModel[];
};

/** The most a page holds. */
const PAGE = 100;
/** Guards against a provider whose paging never ends; a million entries. */
const MOST_PAGES = 10_000;

const jobs = z.array(jobReply);
const files = z.array(fileReply);

export function openAiProvider(options: OpenAiOptions): Provider {
  const client = openAiClient(options);

  /** The client's own time-out ends with the headers; the signal also covers a body that never ends. */
  const within = (timeout_ms = options.timeoutMs) => ({
    timeout: timeout_ms,
    signal: AbortSignal.timeout(timeout_ms),
  });

  const job = (send: () => Promise<unknown>, id?: string) =>
    attempt(
      send,
      id === undefined ? jobReply : jobReply.refine((reply) => reply.id === id, 'another job was returned'),
    );

  /** Every page, or no answer: a list that is not complete proves nothing. */
  async function all<T>(
    fetchPage: (after: string | undefined) => Promise<unknown>,
    items: z.ZodType<(T & { id: string })[]>,
  ): Promise<Outcome<(T & { id: string })[]>> {
    const found: (T & { id: string })[] = [];
    for (let page = 0; page < MOST_PAGES; page++) {
      const fetched = await attempt(() => fetchPage(found.at(-1)?.id), pageReply);
      if (fetched.kind !== 'done') return fetched;
      const parsed = items.safeParse(fetched.value.data);
      if (!parsed.success) return { kind: 'unknown', reason: 'the list holds an entry without an id' };
      found.push(...parsed.data);
      const { has_more } = fetched.value;
      if (has_more === undefined && parsed.data.length >= PAGE) {
        return { kind: 'unknown', reason: 'the list does not say whether there is more of it' };
      }
      if (!has_more || parsed.data.length === 0) return { kind: 'done', value: found };
    }
    return { kind: 'unknown', reason: 'the list does not end' };
  }

  const allJobs = () =>
    all<ProviderJob>(
      (after) => rawPage(client.fineTuning.jobs.list({ limit: PAGE, ...(after ? { after } : {}) }, within())),
      jobs,
    );

  const matching = async (isOurs: (job: ProviderJob) => boolean): Promise<Outcome<ProviderJob[]>> => {
    const listed = await allJobs();
    return listed.kind === 'done' ? { kind: 'done', value: listed.value.filter(isOurs) } : listed;
  };

  return {
    ledger: options.ledger,
    sandbox: options.sandbox,
    models: options.models,

    async uploadFile(file, timeout_ms) {
      const outcome = await attempt(
        () => client.files.create({ file, purpose: 'fine-tune' }, within(timeout_ms)),
        fileReply,
      );
      return outcome.kind === 'done' ? { kind: 'done', value: { id: outcome.value.id, name: file.name } } : outcome;
    },

    deleteFile: (fileId) => attempt(() => client.files.delete(fileId, within()), deletedFileReply),

    async listFiles() {
      const listed = await all<{ filename: string }>(
        (after) =>
          rawPage(client.files.list({ purpose: 'fine-tune', limit: PAGE, ...(after ? { after } : {}) }, within())),
        files,
      );
      return listed.kind === 'done'
        ? { kind: 'done', value: listed.value.map(({ id, filename }) => ({ id, name: filename })) }
        : listed;
    },

    createJob: (request) => job(() => client.fineTuning.jobs.create(createBody(request), within())),

    getJob: (jobId) => job(() => client.fineTuning.jobs.retrieve(jobId, within()), jobId),

    cancelJob: (jobId) => job(() => client.fineTuning.jobs.cancel(jobId, within()), jobId),

    // The provider's own metadata filter is not trusted (DESIGN 3.5): we match on what the whole list shows.
    findJobs: ({ tag, training_file_id }) =>
      matching((candidate) => {
        const { goldtune_finetuning, goldtune_attempt } = candidate.tag;
        const sameFile = training_file_id !== null && candidate.training_file_id === training_file_id;
        // A provider that keeps no metadata: each attempt has a file of its own.
        if (goldtune_finetuning === undefined) return sameFile;
        // Not by deployment, which may have been renamed since. What a list leaves out does not tell two jobs apart.
        const sameAttempt =
          goldtune_finetuning === tag.goldtune_finetuning && goldtune_attempt === tag.goldtune_attempt;
        return sameAttempt && (sameFile || training_file_id === null || candidate.training_file_id === null);
      }),

    listJobs: (deployment) => matching((candidate) => candidate.tag.goldtune_deployment === deployment),

    async getProgress(jobId) {
      const page = await attempt(
        () => rawPage(client.fineTuning.jobs.listEvents(jobId, { limit: PAGE }, within())),
        pageReply,
      );
      return page.kind === 'done' ? { kind: 'done', value: latestProgress(page.value.data) } : page;
    },
  };
}

/** The reply as it came: the client's page object hides what the provider said about more pages. */
async function rawPage(page: PromiseLike<unknown> & { asResponse(): Promise<Response> }): Promise<unknown> {
  const response = await page.asResponse();
  return response.json();
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
