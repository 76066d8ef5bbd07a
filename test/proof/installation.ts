// What one process of a proof works with: the real store, the real client, and a clock that runs fast.
// Also used by child processes, so nothing of the test runner is in here.
import type { Dependencies } from '../../server/finetuning/dependencies.ts';
import { isTerminal } from '../../server/finetuning/lifecycle/state.ts';
import { createPursuit } from '../../server/finetuning/pursue.ts';
import type { TrackedFinetuning } from '../../server/finetuning/record.ts';
import { type Service, serviceFor } from '../../server/finetuning/service.ts';
import { createSightings } from '../../server/finetuning/sightings.ts';
import { createWatch } from '../../server/finetuning/watch.ts';
import { openAiProvider } from '../../server/provider/openai/provider.ts';

const MODEL = 'gpt-4.1-mini';
/** How many times faster than real the clock of a cell runs. */
const SPEED = 25;
/** Given to child processes as CLOCK_STARTED, so that all stamps of a suite are in order. */
export const clockStarted = Number(process.env['CLOCK_STARTED'] ?? Date.now());
const fastClock = () => new Date(clockStarted + (Date.now() - clockStarted) * SPEED).toISOString();

const settings = {
  default_model: MODEL,
  deployment: 'proof',
  stop_unknown_jobs: false,
  // On the fast clock: 80 ms and 20 ms.
  settle_window_ms: 2000,
  poll_interval_ms: 500,
  provider_timeout_ms: 200,
};
/** Real milliseconds. */
const PROVIDER_TIMEOUT_MS = 200;

export const providerAt = (baseUrl: string, ledger = 'proof') =>
  openAiProvider({
    apiKey: 'sandbox',
    baseUrl,
    ledger,
    sandbox: true,
    timeoutMs: PROVIDER_TIMEOUT_MS,
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

const noHints = { subscribe: () => ({ [Symbol.dispose]() {} }) };
const silent = { info() {}, warn() {}, error() {} };

export const dependenciesOf = (parts: Pick<Dependencies, 'store' | 'provider'>): Dependencies => ({
  clock: fastClock,
  sightings: createSightings(() => performance.now() * SPEED),
  log: silent,
  settings,
  ...parts,
});

export const serviceOf = (deps: Dependencies, organization_id: string): Service =>
  serviceFor(deps, createPursuit(deps), createWatch(deps.store.finetunings, noHints), {
    organization_id,
    name: 'proof',
  });

/** A run that goes on training is due again and again, but has nothing open. */
export function isAtRest({ state, calls, due_at }: TrackedFinetuning): boolean {
  if (calls.some((call) => call.state === 'open')) return false;
  return due_at === null || (state.intent === 'run' && state.job_id !== null && !isTerminal(state.status));
}
