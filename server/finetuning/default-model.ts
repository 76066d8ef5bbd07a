// Which model is trained where a request names none.
import type { Dependencies } from './dependencies.ts';
import type { Provider } from './provider.ts';

/** Null: it has to be named. */
export function defaultModelOf(
  provider: Provider,
  { providers, settings }: Pick<Dependencies, 'providers' | 'settings'>,
): string | null {
  const configured = settings.default_models?.[provider.name];
  if (configured !== undefined) return configured;
  return provider === providers.standard ? settings.default_model : (provider.models[0]?.name ?? null);
}
