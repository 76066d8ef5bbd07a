// Looks at the provider for what should not be there: jobs that train for nobody, files that nothing needs.
import type { AtProvider, Dependencies } from './dependencies.ts';
import { isTerminal } from './lifecycle/state.ts';
import { isLockedOut } from './lifecycle/transition.ts';
import type { Outcome, ProviderFile, ProviderJob } from './provider.ts';
import { removeFile, stopStray } from './reconcile.ts';
import type { Finetuning } from './record.ts';
import { stopUnownedJob } from './unowned-jobs.ts';

/** One sweep, at all providers side by side: one that fails or hangs keeps no other waiting. Touches only what carries our tag or the name of a file of ours (I11). */
export async function tidyProviders(deps: Dependencies): Promise<void> {
  const sweeps = await Promise.allSettled(deps.providers.all.map((provider) => tidy({ ...deps, provider })));
  for (const sweep of sweeps) if (sweep.status === 'rejected') throw sweep.reason;
}

async function tidy(deps: AtProvider): Promise<void> {
  await stopStrays(deps);
  await removeStrayFiles(deps);
}

async function stopStrays(deps: AtProvider): Promise<void> {
  const { provider, settings, log } = deps;
  const listed = await provider.listJobs(settings.deployment);
  if (listed.kind !== 'done') return couldNotLook(deps, 'jobs', listed);
  reportIncomplete(deps, 'jobs', listed.value.incomplete);
  const ids = new Set(listed.value.found.map((job) => job.id));
  const active = listed.value.found.filter((job) => job.phase === 'active');
  const { owners, unreadable } = await ownersOf(deps, active, (job) => job.tag.goldtune_finetuning);
  for (const job of active) {
    if (unreadable.has(job.tag.goldtune_finetuning ?? '')) continue;
    const owner = owners.get(job.tag.goldtune_finetuning ?? '');
    if (!owner) {
      log.error(
        { job: job.id, tag: job.tag },
        'a job with our tag trains for a finetuning we never knew; look into it',
      );
      if (settings.stop_unknown_jobs) await stopUnownedJob(deps, job);
    } else if (provider.owns(owner.provider_ledger) && isStray(job, owner, ids)) {
      log.warn({ job: job.id, finetuning: owner.id }, 'a job trains for nobody; stopping it');
      await stopStray(deps, owner.id, job);
    }
  }
}

/**
 * A run that is still looking for its job may yet adopt this one. And where the list does not show the job that the run
 * knows, this may be that very job: a gateway may show it under another id.
 */
const isStray = (job: ProviderJob, { state }: Finetuning, listed: ReadonlySet<string>) =>
  isTerminal(state.status) || (state.job_id !== null && state.job_id !== job.id && listed.has(state.job_id));

const OUR_FILE = /^(?<owner>[0-9a-f]{24})\.(?<attempt>\d+)\.jsonl$/;

async function removeStrayFiles(deps: AtProvider): Promise<void> {
  const listed = await deps.provider.listFiles();
  if (listed.kind !== 'done') return couldNotLook(deps, 'files', listed);
  const ownerOf = (file: ProviderFile) => OUR_FILE.exec(file.name)?.groups?.owner;
  reportIncomplete(deps, 'files', listed.value.incomplete);
  const { owners } = await ownersOf(deps, listed.value.found, ownerOf);
  for (const file of listed.value.found) {
    const owner = owners.get(ownerOf(file) ?? '');
    if (owner && deps.provider.owns(owner.provider_ledger) && !isNeeded(file, owner))
      await removeFile(deps, owner.id, file.id);
  }
}

function isNeeded(file: ProviderFile, { state }: Finetuning): boolean {
  if (state.deleted_at !== null) return false;
  if (file.id === state.file_id) return true;
  // Of the current attempt: it may be on its way into the row.
  return !isTerminal(state.status) && Number(OUR_FILE.exec(file.name)?.groups?.attempt) >= state.attempt;
}

/** Nothing is known then, and so nothing is touched; the next round looks again. */
function couldNotLook({ log, provider }: AtProvider, what: 'jobs' | 'files', outcome: Outcome<unknown>): void {
  if (isLockedOut(outcome)) {
    log.error(
      { provider: provider.name, outcome },
      `the provider does not let the janitor list ${what}; are the API key and its project right?`,
    );
  } else
    log.warn(
      { provider: provider.name, outcome },
      `the janitor could not list the provider's ${what}; it looks again in its next round`,
    );
}

/** What was seen is acted on all the same. */
function reportIncomplete({ log, provider }: AtProvider, what: 'jobs' | 'files', incomplete: string | null): void {
  if (incomplete !== null)
    log.warn({ provider: provider.name, incomplete }, `the janitor did not see all of the provider's ${what}`);
}

/** `unreadable`: they are there, and whether something is theirs cannot be told, so it is left alone. */
async function ownersOf<T>({ store }: Dependencies, things: readonly T[], ownerOf: (thing: T) => string | undefined) {
  const ids = new Set(things.flatMap((thing) => ownerOf(thing) ?? []));
  const { found, unreadable } = await store.finetunings.owners([...ids]);
  return { owners: new Map(found.map((owner) => [owner.id, owner])), unreadable: new Set(unreadable) };
}
