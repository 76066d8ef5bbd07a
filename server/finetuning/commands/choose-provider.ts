// Which provider a request means.
import { cut } from '../cut.ts';
import { invalid } from '../errors.ts';
import { nearestName } from '../nearest.ts';
import type { Provider, Providers } from '../provider.ts';

/** What published clients of the original service send; it had no other. */
const USUAL = 'openai';

/**
 * Where none is called openai, whoever sends that name means the usual: OpenAI itself under another name, else the
 * standard one. Never a sandbox beside a real standard, which would train nothing without a word.
 */
function find({ all, standard, openAi }: Providers, wanted: string | null): Provider | undefined {
  if (wanted === null) return standard;
  return all.find(({ name }) => name === wanted) ?? (wanted === USUAL ? (openAi ?? standard) : undefined);
}

/**
 * Every way in which the provider that is meant may have been written when a run was created that lives in this ledger:
 * a run at it was meant for it. Null: naming none.
 */
export function spellingsOf(providers: Providers, wanted: string | null, ledger: string): readonly (string | null)[] {
  const meant = find(providers, wanted);
  return meant?.owns(ledger) ? [meant.name, null, USUAL] : [wanted];
}

/**
 * By its name; the standard one where none is named.
 * @returns the provider, and a note where it is called otherwise than the request says
 * @throws DomainError `invalid` naming the providers that are configured.
 */
export function chooseProvider(
  providers: Providers,
  wanted: string | null,
): { provider: Provider; note: string | null } {
  const provider = find(providers, wanted);
  if (provider) {
    const isCalledSo = wanted === null || provider.name === wanted;
    return { provider, note: isCalledSo ? null : `No provider is called ${wanted}, so ${provider.name} was taken.` };
  }
  const names = providers.all.map(({ name }) => name);
  const meant = nearestName(wanted ?? '', names);
  const guess = meant === null ? '' : `did you mean ${meant}? `;
  throw invalid(
    ['body', 'base_llm', 'model_provider'],
    `no provider "${cut(wanted ?? '')}" is configured; ${guess}configured: ${names.join(', ')}`,
  );
}
