// Starts the provider that answers at once, or after a delay, and says how goldtune is told of it.
import { ledgerOf } from '../../server/provider/openai/ledger.ts';
import { startBare } from '../bare/process.ts';
import { figuresSchema, type ProviderFigures, type Settings } from './settings.ts';

export type RunningProvider = AsyncDisposable & {
  url: string;
  /** As runs at it are recorded. */
  ledger: string;
  /** For the environment of goldtune. */
  environment: Record<string, string>;
  /** @returns what was asked of it since the last time */
  set(settings: Settings): Promise<ProviderFigures>;
};

export async function startProvider(): Promise<RunningProvider> {
  const bare = await startBare('provider');
  const baseUrl = `${bare.url}/v1`;
  return {
    url: bare.url,
    ledger: ledgerOf({ baseUrl }),
    environment: { OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: 'a-key-of-nothing-at-all' },
    async set(settings) {
      const answer = await fetch(`${bare.url}/settings`, { method: 'POST', body: JSON.stringify(settings) });
      return figuresSchema.parse(await answer.json());
    },
    [Symbol.asyncDispose]: () => bare[Symbol.asyncDispose](),
  };
}
