// Why a queued job waits where an account runs few at a time: what else runs and is queued there, asked now and then.
import type { z } from 'zod';
import type { Outcome, ProviderJob } from '../../finetuning/provider.ts';
import type { Profile } from './profile.ts';
import type { pageReply } from './replies.ts';

type Limits = NonNullable<Profile['queue']>;

/** Jobs run for minutes at least, and what is told of them is only for people. */
const KEPT_MS = 60_000;

/**
 * @param firstPage of all jobs of the account, newest first
 * @returns in words, which name no job: it may be somebody else's. Null where nothing is seen to stand before it.
 */
export function reasonToWait(
  limits: Limits,
  firstPage: () => Promise<Outcome<z.infer<typeof pageReply>>>,
  reply: z.ZodType<ProviderJob>,
): (job: ProviderJob) => Promise<string | null> {
  let shown: readonly ProviderJob[] = [];
  let asked_at = Number.NEGATIVE_INFINITY;
  return async ({ id }) => {
    if (performance.now() - asked_at >= KEPT_MS) {
      asked_at = performance.now();
      const page = await firstPage();
      // A list that fails once changes nothing of what was seen; it is not said and taken back at each look.
      if (page.kind === 'done') shown = page.value.data.flatMap((entry) => reply.safeParse(entry).data ?? []);
    }
    return wordsFor(id, shown, limits);
  };
}

function wordsFor(id: string, jobs: readonly ProviderJob[], limits: Limits): string | null {
  const running = jobs.filter((job) => job.shown_status === 'running' && job.id !== id).length;
  if (running < limits.running) return null;
  const place = jobs.findIndex((job) => job.id === id);
  const before = jobs.slice(place + 1).filter((job) => job.shown_status === 'queued').length;
  const queued = place === -1 || before === 0 ? '' : `, and ${before} queued before it`;
  return `the account runs ${limits.running} at a time and queues ${limits.queued}: ${running} running${queued}`;
}
