// The provider port over the official client, against any host of OpenAI's API: what differs is in its profile.
import type { CatalogueModel } from '../../finetuning/catalogue.ts';
import { type IsEnough, isJobOf, type Outcome, type Provider, type ProviderJob } from '../../finetuning/provider.ts';
import { refusedParameters } from '../unknown-parameters.ts';
import { withoutSecrets } from '../without-secrets.ts';
import { checkAccount, type ToldAccount } from './account.ts';
import { attempt, type Host } from './classify.ts';
import { type Connection, clientFor } from './client.ts';
import { createBody } from './create-body.ts';
import { isSameLedger } from './ledger.ts';
import { listAll, PAGE } from './list.ts';
import { guaranteesOf, type Profile } from './profile.ts';
import { deletedFileReply, fileReply, jobReplyOf, latestProgress, pageReply, stepsReply } from './replies.ts';
import { reasonToWait } from './waits-behind.ts';
import { tokensOf } from './without-tokens.ts';

export type AdapterOptions = {
  connection: Omit<Connection, 'headers'>;
  profile: Profile;
  /** As the provider calls it; a list of another one is no list. Null: not known. */
  account: ToldAccount | null;
  timeoutMs: number;
  ledger: string;
  sandbox: boolean;
  models: readonly CatalogueModel[];
};

export function openAiAdapter({ connection, profile, ...options }: AdapterOptions): Provider {
  const { name, credential } = connection;
  const { parameters } = profile;
  const client = clientFor({ ...connection, headers: profile.headers });
  const host: Host = { name, credential: credential.called, profile };
  const jobReply = jobReplyOf(profile);

  /** The reply as it came: the client's page object hides what the provider said about more pages. */
  async function pageText(page: { asResponse(): Promise<Response> }): Promise<string> {
    const response = await page.asResponse();
    checkAccount(options.account, response.headers);
    return response.text();
  }

  /** The client's own time-out ends with the headers; the signal also covers a body that never ends. */
  const within = (timeout_ms = options.timeoutMs) => ({
    timeout: timeout_ms,
    signal: AbortSignal.timeout(timeout_ms),
  });

  const jobsPage = (after?: string) =>
    pageText(client.fineTuning.jobs.list({ limit: PAGE, ...(after ? { after } : {}) }, within()));

  // The provider's own metadata filter is not trusted (DESIGN 3.5): we match on what the whole list shows.
  const jobsThat = (isWanted: (job: ProviderJob) => boolean, reply = jobReply, isEnough?: IsEnough) =>
    listAll(host, jobsPage, reply, isWanted, isEnough);

  const job = (send: () => Promise<unknown>) => attempt(host, send, jobReply);

  /** What stands before a queued job is asked for a queued one alone, and now and then. */
  const whyQueued = profile.queue
    ? reasonToWait(profile.queue, () => attempt(host, async () => JSON.parse(await jobsPage()), pageReply), jobReply)
    : null;
  const withReason = async (outcome: Outcome<ProviderJob>): Promise<Outcome<ProviderJob>> =>
    outcome.kind === 'done' && whyQueued && outcome.value.shown_status === 'queued'
      ? { kind: 'done', value: { ...outcome.value, note: await whyQueued(outcome.value) } }
      : outcome;

  const provider: Provider = {
    name,
    ledger: options.ledger,
    owns: (recorded) => isSameLedger(recorded, options.ledger),
    sandbox: options.sandbox,
    guarantees: guaranteesOf(profile),
    models: options.models,
    open_catalogue: false,
    parameters,

    async uploadFile(file, timeout_ms) {
      const send = () => client.files.create({ file, purpose: 'fine-tune' }, within(timeout_ms));
      const outcome = await attempt(host, send, fileReply, 'makes');
      return outcome.kind === 'done' ? { kind: 'done', value: { ...outcome.value, name: file.name } } : outcome;
    },

    deleteFile: (fileId) => attempt(host, () => client.files.delete(fileId, within()), deletedFileReply),

    getFile: (fileId) =>
      attempt(
        host,
        () => client.files.retrieve(fileId, within()),
        fileReply.refine((reply) => reply.id === fileId, 'another file was returned'),
      ),

    listFiles: () =>
      listAll(
        host,
        (after) =>
          pageText(client.files.list({ purpose: 'fine-tune', limit: PAGE, ...(after ? { after } : {}) }, within())),
        fileReply,
        () => true,
      ),

    createJob: async (request) =>
      refusedParameters({ name, parameters }, request) ??
      attempt(
        host,
        () => client.post('/fine_tuning/jobs', { body: createBody(profile, request), ...within() }),
        jobReply,
        'makes',
      ),

    releaseJob: null,

    getJob: async ({ id }) => withReason(await job(() => client.fineTuning.jobs.retrieve(id, within()))),

    cancelJob: ({ id }) => job(() => client.fineTuning.jobs.cancel(id, within())),

    findJobs: (wanted) => jobsThat((candidate) => isJobOf(wanted, candidate)),

    listJobs: (deployment, isEnough) =>
      jobsThat(
        (candidate) => candidate.tag.goldtune_deployment === deployment,
        jobReplyOf(profile, deployment),
        isEnough,
      ),

    async getProgress({ id }) {
      if (profile.progress === 'job') {
        return attempt(host, () => client.fineTuning.jobs.retrieve(id, within()), stepsReply);
      }
      const events = () => pageText(client.fineTuning.jobs.listEvents(id, { limit: PAGE }, within()));
      const page = await attempt(host, async () => JSON.parse(await events()), pageReply);
      return page.kind === 'done' ? { kind: 'done', value: latestProgress(page.value.data) } : page;
    },

    readLogs: null,

    checkReachable: async (timeout_ms) => {
      const first = () => pageText(client.fineTuning.jobs.list({ limit: 1 }, within(timeout_ms)));
      const page = await attempt(host, async () => JSON.parse(await first()), pageReply);
      return page.kind === 'done' ? { kind: 'done', value: null } : page;
    },
  };
  return withoutSecrets(provider, tokensOf(credential));
}
