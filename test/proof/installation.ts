// What one process of a proof works with: the real store, the real client, and simulated time.
// Also used by child processes, so nothing of the test runner is in here.

import { tmpdir } from 'node:os';
import { unlistedModel } from '../../server/finetuning/catalogue.ts';
import type { AtProvider, Dependencies } from '../../server/finetuning/dependencies.ts';
import type { Keys } from '../../server/finetuning/keys.ts';
import { isTerminal } from '../../server/finetuning/lifecycle/state.ts';
import type { Me, People } from '../../server/finetuning/people.ts';
import type { Provider } from '../../server/finetuning/provider.ts';
import { createPursuit } from '../../server/finetuning/pursue.ts';
import type { TrackedFinetuning } from '../../server/finetuning/record.ts';
import { type Service, servicesOf } from '../../server/finetuning/service.ts';
import { createSightings } from '../../server/finetuning/sightings.ts';
import { createWatch } from '../../server/finetuning/watch.ts';
import { openAiProvider } from '../../server/provider/openai/provider.ts';
import { registryOf } from '../../server/provider/registry.ts';
import type { Clocks } from './time.ts';

const MODEL = 'gpt-4.1-mini';
const settings = {
  default_model: MODEL,
  deployment: 'proof',
  stop_unknown_jobs: false,
  // In simulated time, as all that is stored.
  settle_window_ms: 2000,
  poll_interval_ms: 500,
  provider_timeout_ms: 200,
};
/** Real milliseconds, for a request that is never answered though nobody meant it. */
export const PATIENCE_MS = 600_000;

/** `timeoutMs` in real milliseconds, for uploads too. */
export function providerAt(baseUrl: string, { ledger = 'proof', timeoutMs = PATIENCE_MS } = {}): Provider {
  const provider = openAiProvider({
    apiKey: 'sandbox',
    baseUrl,
    ledger,
    sandbox: true,
    timeoutMs,
    models: [{ ...unlistedModel(MODEL), max_example_tokens: 65_536, tokens: { exact: true } }],
  });
  return { ...provider, uploadFile: (file) => provider.uploadFile(file, timeoutMs) };
}

const noHints = { subscribe: () => ({ [Symbol.dispose]() {} }) };
const silent = { info() {}, warn() {}, error() {} };

export const dependenciesOf = ({
  clocks,
  provider,
  ...parts
}: Pick<AtProvider, 'store' | 'provider'> & { clocks: Pick<Clocks, 'wall' | 'monotonic'> }): Dependencies => ({
  clock: clocks.wall,
  sightings: createSightings(clocks.monotonic),
  log: silent,
  scratch: tmpdir,
  settings,
  providers: registryOf(provider),
  ...parts,
});

/** Of those that a proof would let in: it has none. */
const nobody: { keys: Keys; people: People; me: () => Promise<Me> } = {
  me: none,
  keys: { create: none, list: none, rotate: none, revoke: none },
  people: {
    ...{ list: none, invite: none, setRole: none, remove: none },
    ...{ invitations: none, revokeInvitation: none },
  },
};

async function none(): Promise<never> {
  throw new Error('a proof has neither keys nor people');
}

export const serviceOf = (deps: Dependencies, organization_id: string): Service =>
  servicesOf(
    deps,
    createPursuit(deps),
    createWatch(deps.store.finetunings, noHints, 10),
    () => nobody,
  )({
    organization_id,
    who: 'local',
    id: 'proof',
    name: 'proof',
    scopes: ['admin'],
  });

/** A run that goes on training is due again and again, but has nothing open. */
export function isAtRest({ state, calls, due_at }: TrackedFinetuning): boolean {
  if (calls.some((call) => call.state === 'open')) return false;
  if (due_at === null) return true;
  const { gone_since, intent, job_id, job_stage, status } = state;
  return intent === 'run' && job_id !== null && !isTerminal(status) && gone_since === null && job_stage === null;
}
