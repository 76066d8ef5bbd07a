// That an act by an id meets the job that is meant (I11): a look before it, which must be fresh, and another after it.
import { isSameJob, type JobRef, type Outcome, type ProviderJob } from '../../finetuning/provider.ts';
import type { Looks } from './looks.ts';
import { missing } from './missing.ts';
import { fileOfJobName } from './names.ts';
import { isOwnAccount } from './own-account.ts';

/** What is sent by id is sent this soon after its look, or not: an id can become another job's when a controller crashes. */
const FRESH_MS = 2000;

/** `listed`: the controller knows it under its id. */
export type Meant = { now: ProviderJob; listed: boolean; at: number };
export type Guard = ReturnType<typeof guardOf>;

/** @param clock milliseconds, never set back */
export function guardOf({ look, orByFolder }: Looks, clock: () => number) {
  const meantOf = (now: ProviderJob, at: number): Outcome<Meant> => ({
    kind: 'done',
    value: { now, listed: !isOwnAccount(now.provider_status), at },
  });
  return {
    /** The job as it is now, where it is the one that is meant. */
    async meant(job: JobRef, signal: AbortSignal): Promise<Outcome<Meant>> {
      const { shown: listed, at } = await look(job, signal);
      const shown = await orByFolder(job, listed);
      if (shown.kind !== 'done') return shown;
      const { name, tag } = shown.value;
      const isOurs = fileOfJobName(name) !== null && tag.goldtune_finetuning !== undefined;
      return isOurs && isSameJob(job, shown.value)
        ? meantOf(shown.value, at)
        : missing(`${job.id} has become another job (${name}), which is left alone`);
    },

    /** For what is sent by its id. @throws Error where too much time has passed since its look */
    assertFresh: ({ now, at }: Meant): void => {
      if (clock() - at > FRESH_MS)
        throw new Error(
          `nothing was sent to ${now.id}: reading its folder or the token took too long for what was seen of it to be sure still`,
        );
    },

    /**
     * The change was made, so a look that fails says nothing about it. Where another job is under the id now, it may be
     * that one that was changed: an act by id cannot be sent so that only the job of a name obeys.
     */
    async after(job: ProviderJob, signal: AbortSignal): Promise<Outcome<Meant>> {
      const { shown, at } = await look(job, signal);
      if (shown.kind === 'done' && !isSameJob(job, shown.value))
        return {
          kind: 'unknown',
          reason: `${job.id} is another job now (${shown.value.name}), which may have got this`,
        };
      const own = await orByFolder(job, shown);
      if (own.kind === 'refused') return { kind: 'unknown', reason: `done, and then: ${own.refusal.message}` };
      return own.kind === 'done' ? meantOf(own.value, at) : own;
    },
  };
}

/** The job alone. */
export const jobOf = (seen: Outcome<Meant>): Outcome<ProviderJob> =>
  seen.kind === 'done' ? { kind: 'done', value: seen.value.now } : seen;
