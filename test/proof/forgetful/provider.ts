// The provider port over an engine that forgets: the real client with what Slurm guarantees.
// Also used by child processes, so nothing of the test runner is in here.
import type { Outcome, Provider, ProviderJob } from '../../../server/finetuning/provider.ts';
import { openAiAdapter } from '../../../server/provider/openai/adapter.ts';
import { attempt } from '../../../server/provider/openai/classify.ts';
import { clientFor } from '../../../server/provider/openai/client.ts';
import { bearer } from '../../../server/provider/openai/credential.ts';
import type { Profile } from '../../../server/provider/openai/profile.ts';
import { openAiProfile } from '../../../server/provider/openai/profiles.ts';
import { jobReplyOf } from '../../../server/provider/openai/replies.ts';
import { slurmGuarantees } from '../../../server/provider/slurm/guarantees.ts';
import { PATIENCE_MS, providerAt } from '../installation.ts';
import { REFUSED, STARTED_BEFORE } from './job.ts';

const HELD = 'held';
const profile: Profile = { ...openAiProfile, statuses: { ...openAiProfile.statuses, [HELD]: 'queued' } };

/** `timeoutMs` in real milliseconds, for uploads too. */
export function forgetfulAt(baseUrl: string, { timeoutMs = PATIENCE_MS } = {}): Provider {
  const { ledger, models } = providerAt(baseUrl);
  const credential = bearer('sandbox');
  const connection = { name: 'forgetful', credential, baseUrl };
  const provider = openAiAdapter({ connection, profile, account: null, timeoutMs, ledger, sandbox: true, models });
  const client = clientFor(connection);
  const host = { name: connection.name, credential: credential.called, profile };

  async function tell(what: 'cancel' | 'resume', { id, incarnation }: Parameters<Provider['cancelJob']>[0]) {
    const path = `/fine_tuning/jobs/${encodeURIComponent(id)}/${what}`;
    const send = () =>
      client.post(path, {
        query: incarnation === null ? {} : { of: incarnation },
        timeout: timeoutMs,
        signal: AbortSignal.timeout(timeoutMs),
      });
    return whole(await attempt(host, send, jobReplyOf(profile)));
  }

  return {
    ...provider,
    guarantees: slurmGuarantees,
    uploadFile: (file) => provider.uploadFile(file, timeoutMs),
    createJob: async (request) => whole(await provider.createJob(request)),
    releaseJob: (job) => tell('resume', job),
    getJob: async (job) => whole(await provider.getJob(job)),
    findJobs: async (wanted) => wholeList(await provider.findJobs(wanted)),
    listJobs: async (deployment) => wholeList(await provider.listJobs(deployment)),
    cancelJob: (job) => tell('cancel', job),
  };
}

/** Each create has a file of its own, so that tells one job from another of its id. */
const known = (job: ProviderJob): ProviderJob => ({
  ...job,
  incarnation: job.training_file_id,
  held: job.provider_status === HELD,
  ...(job.phase === 'failed' && job.error?.includes(REFUSED) ? { never_trained: true } : {}),
  ...(job.phase === 'failed' && job.error?.includes(STARTED_BEFORE) ? { never_trained: false } : {}),
});

const whole = (outcome: Outcome<ProviderJob>): Outcome<ProviderJob> =>
  outcome.kind === 'done' ? { kind: 'done', value: known(outcome.value) } : outcome;

const wholeList = (outcome: Awaited<ReturnType<Provider['findJobs']>>): typeof outcome =>
  outcome.kind === 'done'
    ? { kind: 'done', value: { ...outcome.value, found: outcome.value.found.map(known) } }
    : outcome;
