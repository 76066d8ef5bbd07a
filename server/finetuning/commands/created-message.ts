// The first event of a run, in words for people: what it is trained on, where, and what to know of that.
import type { CatalogueModel } from '../catalogue.ts';
import { tokensText } from '../dataset/tokens-text.ts';
import type { Provider, Providers } from '../provider.ts';
import type { Dataset } from '../record.ts';

type Circumstances = {
  provider: Provider;
  providers: Providers;
  model: CatalogueModel;
  /** Of the choice of the provider and the model. */
  notes: readonly (string | null)[];
  /** Examples that may be longer than the model takes. */
  perhaps_over_long: number;
};

export function createdMessage({ examples, tokens, tokens_margin }: Dataset, about: Circumstances): string {
  const created = `Created${placeOf(about)} with ${examples} examples, ${tokensText(tokens, tokens_margin)}.`;
  return [created, ...about.notes, lengthNote(about)].filter(Boolean).join(' ');
}

/** Where there is but one provider nobody asks which. */
function placeOf({ provider: { name, sandbox }, providers }: Circumstances): string {
  if (sandbox) return ' in the sandbox, which trains nothing,';
  return providers.all.length > 1 ? ` at ${name}` : '';
}

function lengthNote({ perhaps_over_long: count, model: { name, max_example_tokens: most } }: Circumstances) {
  if (count === 0 || most === null) return null;
  const which = count === 1 ? '1 of the examples' : `${count} of the examples`;
  return `${which} may have more than the ${tokensText(most, 0)} that ${name} takes, and be cut or refused there.`;
}
