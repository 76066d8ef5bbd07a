// The providers that are configured: those of PROVIDERS_FILE, or the one that variables name. The first is the standard one.
import { isOpenAi, isSameLedger } from '../provider/openai/ledger.ts';
import { variablesOf } from './entry.ts';
import { ledgerOfProvider } from './ledger.ts';
import { isTrained } from './models.ts';
import type { Problem } from './problems.ts';
import type { ProviderConfig } from './provider-config.ts';
import type { ProvidersFile } from './providers-file.ts';
import { resolveEntry, type Variables } from './resolve-entry.ts';
import { conflictsOf, providerOfVariables, type Settings } from './short-forms.ts';

export type Configured = { providers: readonly ProviderConfig[]; problems: string[] };

/** @param env as it was parsed; `variables` also holds those that a file names. */
export function configuredProviders(env: Settings, variables: Variables, file: ProvidersFile | null): Configured {
  const named = file?.entries.flatMap(({ entry }) => variablesOf(entry)) ?? null;
  const conflicts = conflictsOf(env, named)
    // An entry that cannot be read may be the one that names the key or the secret.
    .filter(({ variable }) => !file?.problems.length || !/_(KEY|SECRET)$/.test(variable))
    .map(({ variable, message }) => `${variable}: ${message}`);
  if (file !== null) {
    const { providers, problems } = ofFile(env, variables, file);
    return { providers, problems: [...file.problems, ...problems, ...conflicts] };
  }
  const provider = providerOfVariables(env);
  return { providers: [provider], problems: [...conflicts, ...unknownDefault(provider)] };
}

function ofFile(env: Settings, variables: Variables, file: ProvidersFile): Configured {
  const resolved = file.entries.map(({ entry, index }) => {
    const isStandard = index === file.standard;
    const { provider, problems } = resolveEntry(entry, variables, isStandard ? env.DEFAULT_MODEL : undefined);
    const at = problems.map((problem) => file.tell({ ...problem, path: ['providers', index, ...problem.path] }));
    const both = isStandard && entry.default_model !== undefined && env.DEFAULT_MODEL !== undefined;
    const wrong = both
      ? [`DEFAULT_MODEL: is given beside default_model of provider "${entry.name}" in PROVIDERS_FILE; keep one of them`]
      : isStandard && problems.length === 0
        ? unknownDefault(provider)
        : [];
    return { index, provider, problems: [...at, ...wrong] };
  });
  const twice = sameTwice(resolved).map(file.tell);
  const inOrder = resolved.toSorted(
    (one, other) => Number(other.index === file.standard) - Number(one.index === file.standard),
  );
  return {
    providers: inOrder.map(({ provider }) => provider),
    problems: [...resolved.flatMap(({ problems }) => problems), ...twice],
  };
}

/** What a request chooses that names no model has to be among those that it may name. */
function unknownDefault(provider: ProviderConfig): string[] {
  const { default_model, kind, models } = provider;
  if (default_model === null || isTrained(default_model, kind, models)) return [];
  const names = models.map(({ name }) => name);
  return [`DEFAULT_MODEL: unknown model "${default_model}"; known models: ${names.join(', ')}${whereToList(provider)}`];
}

/** Only of OpenAI is it known here what it trains. */
const whereToList = (provider: ProviderConfig) =>
  provider.kind === 'sandbox' || isOpenAi(ledgerOfProvider(provider))
    ? ''
    : '; list another that it trains in PROVIDERS_FILE, under models of that provider';

/** Its runs would be followed twice, and its jobs be nobody's. */
function sameTwice(resolved: readonly { index: number; provider: ProviderConfig }[]): Problem[] {
  return resolved.flatMap(({ index, provider }, at) => {
    const before = resolved.slice(0, at).find((other) => isSame(other.provider, provider));
    if (!before) return [];
    const message = `is the same as provider "${before.provider.name}": same address, same account; keep one of them${orLabel(provider)}`;
    return [{ path: ['providers', index], message }];
  });
}

const orLabel = ({ kind }: ProviderConfig) =>
  kind === 'openai_compatible' || kind === 'azure_openai'
    ? ', or where they are two accounts, give one of them a label, as account'
    : '';

function isSame(one: ProviderConfig, other: ProviderConfig): boolean {
  // Of the sandbox there is one.
  if (one.kind === 'sandbox' || other.kind === 'sandbox') return one.kind === other.kind;
  return isSameLedger(ledgerOfProvider(one), ledgerOfProvider(other));
}
