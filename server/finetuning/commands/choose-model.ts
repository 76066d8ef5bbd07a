// Which model of a provider a request means, and whether it can still be trained.

import { type CatalogueModel, unlistedModel } from '../catalogue.ts';
import { cut } from '../cut.ts';
import { defaultModelOf } from '../default-model.ts';
import type { AtProvider } from '../dependencies.ts';
import { invalid } from '../errors.ts';
import type { Provider, Providers } from '../provider.ts';

const loc = ['body', 'base_llm', 'model_name'];

/** Names in a refusal; a catalogue may be longer. */
const MOST_NAMED = 30;

/**
 * @returns the model, and a note where the sandbox accepts one that the real provider no longer trains, or where only
 * existing customers may.
 * @throws DomainError `invalid` naming the models that can be chosen.
 */
export function chooseModel(
  { provider, providers, settings }: Pick<AtProvider, 'provider' | 'providers' | 'settings'>,
  wanted: string | null,
  now: string,
): { model: CatalogueModel; note: string | null } {
  const name = wanted ?? defaultModelOf(provider, { providers, settings });
  if (name === null) throw invalid(loc, `name the model that ${provider.name} is to train; it has no default`);
  const model = provider.models.find((candidate) => candidate.name === name);
  if (!model && provider.open_catalogue) return { model: unlistedModel(name), note: null };
  if (!model)
    throw invalid(
      loc,
      `unknown model "${cut(name)}"; known models: ${namesOf(provider.models)}${whereToList(provider)}`,
    );
  if (isOpen(model, now)) return { model, note: provider.sandbox ? null : customersNote(model, provider.name) };
  const since = model.training_ends?.on;
  if (provider.sandbox) return { model, note: `The real provider has not trained ${name} since ${since}.` };
  const open = provider.models.filter((other) => isOpen(other, now));
  const advice = open.length > 0 ? `choose one of ${namesOf(open)}` : elsewhere(providers);
  throw invalid(loc, `${name} cannot be trained any more since ${since}; ${advice}`);
}

/** The sandbox takes what OpenAI does, and no list adds to that. */
const whereToList = ({ name, sandbox }: Provider) =>
  sandbox ? '' : `; another that ${name} trains is listed by its operator in PROVIDERS_FILE, under models`;

const elsewhere = ({ all }: Providers) =>
  all.length > 1
    ? `name another model_provider; configured: ${all.map(({ name }) => name).join(', ')}`
    : 'configure a provider that still trains, in PROVIDERS_FILE';

/** After a day that is only the earliest, the provider itself says whether it still trains. */
const isOpen = ({ training_ends }: CatalogueModel, now: string) =>
  training_ends === null || training_ends.at_the_earliest === true || now < training_ends.on;

const customersNote = ({ name, existing_customers_only }: CatalogueModel, provider: string) =>
  existing_customers_only &&
  `By what was announced, read on ${existing_customers_only.read_on}, ${provider} trains ${name} for existing customers only.`;

const namesOf = (models: readonly CatalogueModel[]) => {
  const named = models.slice(0, MOST_NAMED).map((model) => model.name);
  const beyond = models.length - named.length;
  return [...named, ...(beyond > 0 ? [`and ${beyond} more`] : [])].join(', ');
};
