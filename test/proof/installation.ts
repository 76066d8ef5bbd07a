// What one process of a proof works with: the real store, the real client, and simulated time.
// Also used by child processes, so nothing of the test runner is in here.
import { tmpdir } from 'node:os';
import type { Dependencies } from '../../server/finetuning/dependencies.ts';
import { isTerminal } from '../../server/finetuning/lifecycle/state.ts';
import type { Provider } from '../../server/finetuning/provider.ts';
import { createPursuit } from '../../server/finetuning/pursue.ts';
import type { TrackedFinetuning } from '../../server/finetuning/record.ts';
import { type Service, serviceFor } from '../../server/finetuning/service.ts';
import { createSightings } from '../../server/finetuning/sightings.ts';
import { createWatch } from '../../server/finetuning/watch.ts';
import { openAiProvider } from '../../server/provider/openai/provider.ts';
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
const PATIENCE_MS = 600_000;

/** `timeoutMs` in real milliseconds, for uploads too. */
export function providerAt(baseUrl: string, { ledger = 'proof', timeoutMs = PATIENCE_MS } = {}): Provider {
  const provider = openAiProvider({
    apiKey: 'sandbox',
    baseUrl,
    ledger,
    sandbox: true,
    timeoutMs,
    models: [
      {
        name: MODEL,
        max_example_tokens: 65_536,
        encoding: 'o200k_base',
        usd_per_million_trained_tokens: null,
        shut_down_on: null,
      },
    ],
  });
  return { ...provider, uploadFile: (file) => provider.uploadFile(file, timeoutMs) };
}

const noHints = { subscribe: () => ({ [Symbol.dispose]() {} }) };
const silent = { info() {}, warn() {}, error() {} };

export const dependenciesOf = ({
  clocks,
  ...parts
}: Pick<Dependencies, 'store' | 'provider'> & { clocks: Pick<Clocks, 'wall' | 'monotonic'> }): Dependencies => ({
  clock: clocks.wall,
  sightings: createSightings(clocks.monotonic),
  log: silent,
  scratch: tmpdir,
  settings,
  ...parts,
});

export const serviceOf = (deps: Dependencies, organization_id: string): Service =>
  serviceFor(deps, createPursuit(deps), createWatch(deps.store.finetunings, noHints, 10), {
    organization_id,
    name: 'proof',
  });

/** A run that goes on training is due again and again, but has nothing open. */
export function isAtRest({ state, calls, due_at }: TrackedFinetuning): boolean {
  if (calls.some((call) => call.state === 'open')) return false;
  return due_at === null || (state.intent === 'run' && state.job_id !== null && !isTerminal(state.status));
}
