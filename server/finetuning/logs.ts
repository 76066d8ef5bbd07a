// The logs of a run, from the provider that it lives at.
import type { LogsView } from './contract/logs.ts';
import type { Dependencies } from './dependencies.ts';
import { DomainError, notFound } from './errors.ts';
import { isTerminal, jobOf } from './lifecycle/state.ts';
import { plainTail } from './log-text.ts';
import type { Principal } from './principal.ts';
import type { Outcome, PrintedTail, Provider } from './provider.ts';
import { Unavailable } from './unavailable.ts';

/**
 * Read beyond what is shown: a secret that begins before what is read is not known for one, and its end is in here then.
 */
const BEYOND_BYTES = 8192;

/**
 * @throws DomainError `not_found`; `no_logs` where the provider shows none, or none of this run; `unavailable` where it
 * does not answer
 */
export async function readLogs(
  { store, providers }: Pick<Dependencies, 'store' | 'providers'>,
  { organization_id }: Principal,
  id: string,
  tail_bytes: number,
): Promise<LogsView> {
  const run = await store.finetunings.find(organization_id, id);
  if (!run) throw notFound('Finetuning', id);
  const { model_provider, provider_ledger, state } = run;
  const provider = providers.of(provider_ledger);
  if (!provider) {
    throw noLogs(`provider ${model_provider} is not configured any more; configure it again to read logs of ${id}`);
  }
  if (provider.readLogs === null) throw noLogs(`provider ${provider.name} shows no logs`);
  const job = jobOf(state);
  if (job === null) {
    const when = isTerminal(state.status) ? '' : ' yet; ask again once it is submitted';
    throw noLogs(`finetuning ${id} has no logs, since it has no job at provider ${provider.name}${when}`);
  }
  const printed = told(await provider.readLogs(job, tail_bytes + BEYOND_BYTES), provider);
  return { finetuning_id: id, model_provider, job_id: job.id, ...plainTail(printed.text, tail_bytes, !printed.whole) };
}

function told(outcome: Outcome<PrintedTail>, { name }: Provider): PrintedTail {
  switch (outcome.kind) {
    case 'done':
      return outcome.value;
    case 'refused': {
      const { code, message } = outcome.refusal;
      if (code === 'busy') throw new Unavailable(`Provider ${name} is asked too often: ${message}`);
      throw noLogs(`provider ${name} shows no logs of this job: ${message}`);
    }
    case 'unknown':
      throw new Unavailable(`Provider ${name} does not show the logs just now: ${outcome.reason}`);
    default:
      return outcome satisfies never;
  }
}

const noLogs = (message: string) =>
  new DomainError(
    'no_logs',
    message.replace(/^./, (first) => first.toUpperCase()),
  );
