// What a start prints of each provider: what it is, and a moment later whether it answers.
import type { ProviderConfig } from './configuration/provider-config.ts';
import type { Service } from './finetuning/service.ts';

/** The standard one first, as they are configured. */
export function* providerLines(providers: readonly ProviderConfig[]): Generator<string> {
  for (const [index, provider] of providers.entries()) {
    const label = index === 0 ? 'provider' : '';
    yield `  ${label.padEnd(8)}  ${described(provider, providers.length > 1)}`;
  }
}

function described(provider: ProviderConfig, isOneOfSeveral: boolean): string {
  const { name, default_model } = provider;
  if (provider.kind === 'sandbox')
    return `${name === 'sandbox' ? name : `${name}: the sandbox`}: nothing is trained, nothing is billed`;
  const model =
    default_model === null ? 'the model is named by each run' : `${default_model} unless a run names another`;
  const place = `${provider.kind} at ${placeOf(provider)}`;
  return isOneOfSeveral || provider.kind !== 'openai' ? `${name}: ${place}, ${model}` : `${place}, ${model}`;
}

/** Without a query, which may hold a key. */
function placeOf(provider: Exclude<ProviderConfig, { kind: 'sandbox' }>): string {
  if (provider.address === undefined) return 'OpenAI';
  const url = URL.parse(provider.address);
  return url === null || url.protocol === 'unix:' ? provider.address : `${url.origin}${url.pathname}`;
}

/** To be told after the start: one that does not answer takes some seconds. Nothing of the sandbox, which is this process. */
export async function* reachedLines(service: Pick<Service, 'providers'>): AsyncGenerator<string> {
  for (const { name, sandbox, reachable, reason } of await service.providers.list()) {
    if (!sandbox) yield `  ${name} ${reachedWords(reachable)}${reason === null ? '' : `: ${reason}`}`;
  }
}

function reachedWords(reachable: boolean | null): string {
  if (reachable === null) return 'was not asked whether it answers';
  return reachable ? 'answers' : 'cannot be used as it is';
}
