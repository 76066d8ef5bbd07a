// Whether providers answer: asked when somebody wants to know, and remembered for some seconds.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dependencies } from './dependencies.ts';
import type { Outcome, Provider } from './provider.ts';

export type Reach = {
  /** Null: nobody can tell. */
  reachable: boolean | null;
  reason: string | null;
  asked_at: string | null;
};

const PATIENCE_MS = 3000;
/** Longer than it is waited for, so that who asks meanwhile waits for the same answer. */
const REMEMBERED_MS = 10_000;

/** @returns what asks a provider, and never throws. */
export function createReachability({ clock, log }: Pick<Dependencies, 'clock' | 'log'>) {
  const asked = new WeakMap<Provider, { until: number; reach: Promise<Reach> }>();

  const ask = async (provider: Provider): Promise<Reach> => {
    if (provider.checkReachable === null) {
      return {
        reachable: null,
        reason: `${provider.name} has nothing that could be asked for cheaply`,
        asked_at: null,
      };
    }
    const asked_at = clock();
    try {
      const outcome = await Promise.race([provider.checkReachable(PATIENCE_MS), silence()]);
      return { ...judged(outcome), asked_at };
    } catch (error) {
      log.error({ provider: provider.name, err: error }, 'this provider could not be asked whether it is there');
      return { reachable: null, reason: 'it could not be asked; the log says why', asked_at };
    }
  };

  return (provider: Provider): Promise<Reach> => {
    const before = asked.get(provider);
    if (before && performance.now() < before.until) return before.reach;
    const reach = ask(provider);
    asked.set(provider, { until: performance.now() + REMEMBERED_MS, reach });
    return reach;
  };
}

/** For an adapter that does not keep to its time. */
const silence = (): Promise<Outcome<null>> =>
  sleep(PATIENCE_MS, { kind: 'unknown', reason: `no answer within ${PATIENCE_MS / 1000} s` } as const, { ref: false });

/** One that is busy has answered; one that refuses us is of no use until somebody acts. */
function judged(outcome: Outcome<null>): Pick<Reach, 'reachable' | 'reason'> {
  switch (outcome.kind) {
    case 'done':
      return { reachable: true, reason: null };
    case 'refused':
      return { reachable: outcome.refusal.code === 'busy', reason: outcome.refusal.message };
    case 'unknown':
      return { reachable: false, reason: outcome.reason };
    default:
      return outcome satisfies never;
  }
}
