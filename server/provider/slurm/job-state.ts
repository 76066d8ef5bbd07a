// What Slurm's words for a job's state mean: one word in v0.0.38, a word and flags from v0.0.40 on.
import type { ProviderJob } from '../../finetuning/provider.ts';

type Meaning = Pick<ProviderJob, 'phase' | 'shown_status'>;

const going = (shown_status: ProviderJob['shown_status']): Meaning => ({ phase: 'active', shown_status });
const over = (phase: 'succeeded' | 'failed' | 'cancelled'): Meaning => ({ phase, shown_status: null });

const words: Readonly<Record<string, Meaning>> = {
  PENDING: going('queued'),
  RUNNING: going('running'),
  SUSPENDED: going('running'),
  CONFIGURING: going('running'),
  STOPPED: going('running'),
  COMPLETED: over('succeeded'),
  CANCELLED: over('cancelled'),
  FAILED: over('failed'),
  TIMEOUT: over('failed'),
  NODE_FAIL: over('failed'),
  PREEMPTED: over('failed'),
  BOOT_FAIL: over('failed'),
  DEADLINE: over('failed'),
  OUT_OF_MEMORY: over('failed'),
};

/** Flags that say nothing about whether it goes on. Any other, as COMPLETING or REQUEUED, says that it does. */
const AFTERTHOUGHTS = new Set(['LAUNCH_FAILED', 'RECONFIG_FAIL', 'POWER_UP_NODE', 'UPDATE_DB']);

/**
 * `CANCELLED` with `COMPLETING` is not over: a process that ignores SIGTERM goes on writing in it. A word that we do not
 * know is still going, and shown as it was.
 */
export function meaningOf(state: readonly string[]): Meaning {
  const flags = state.filter((word) => !AFTERTHOUGHTS.has(word));
  const [only, ...more] = flags;
  if (only !== undefined && more.length === 0) return words[only] ?? going(null);
  const isCompleting = flags.includes('COMPLETING');
  return going(isCompleting ? null : (flags.map((word) => words[word]?.shown_status).find((shown) => shown) ?? null));
}
