// Which model of the catalogue a request means, and whether it can still be trained.
import { cut } from '../cut.ts';
import type { Dependencies } from '../dependencies.ts';
import { invalid } from '../errors.ts';
import type { CatalogueModel } from '../provider.ts';

const loc = ['body', 'base_llm', 'model_name'];

/**
 * @returns the model, and a note where the sandbox accepts one that the real provider no longer trains.
 * @throws DomainError `invalid` naming the models that can be chosen.
 */
export function chooseModel(
  { provider, settings }: Pick<Dependencies, 'provider' | 'settings'>,
  wanted: string | null,
  now: string,
): { model: CatalogueModel; note: string | null } {
  const name = wanted ?? settings.default_model;
  const isOpen = (model: CatalogueModel) => model.shut_down_on === null || now < model.shut_down_on;
  const names = (models: readonly CatalogueModel[]) => models.map((model) => model.name).join(', ');

  const model = provider.models.find((candidate) => candidate.name === name);
  if (!model) throw invalid(loc, `unknown model "${cut(name)}"; known models: ${names(provider.models)}`);
  if (isOpen(model)) return { model, note: null };
  if (provider.sandbox) {
    return {
      model,
      note: `The real provider has not trained ${name} since ${model.shut_down_on}.`,
    };
  }
  const open = provider.models.filter(isOpen);
  const advice =
    open.length > 0 ? `choose one of ${names(open)}` : 'point OPENAI_BASE_URL at a provider that still trains';
  throw invalid(loc, `${name} cannot be trained any more since ${model.shut_down_on}; ${advice}`);
}
