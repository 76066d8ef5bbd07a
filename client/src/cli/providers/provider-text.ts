// Providers in words for people. Pure.
import type { Provider } from '../../generated/router.ts';
import { table } from '../table.ts';
import { count, details, oneLine } from '../text.ts';

type Model = Provider['models'][number];

export const providerTable = (providers: readonly Provider[], width: number | null): string =>
  table(
    ['name', 'answers', { name: 'default model', least: 8 }, 'models', { name: 'stop', least: 6 }, 'verified'],
    providers.map((provider) => [
      oneLine(provider.name) + marks(provider),
      answerText(provider),
      provider.default_model && oneLine(provider.default_model),
      provider.open_catalogue ? 'any' : provider.models.length,
      stops[provider.guarantees.stop],
      provider.guarantees.verified.against,
    ]),
    width,
  );

const marks = ({ standard, sandbox }: Provider): string => {
  const told = [standard && 'standard', sandbox && 'sandbox'].filter(Boolean).join(', ');
  return told === '' ? '' : ` (${told})`;
};

const answerText = ({ reachable }: Provider) => (reachable === null ? null : reachable ? 'yes' : 'no');

const stops: Record<Provider['guarantees']['stop'], string> = {
  cancel: 'cancel',
  fence_then_cancel: 'file first, then cancel',
};

const starts: Record<Provider['guarantees']['start'], string> = {
  at_create: 'with its create',
  held: 'held until it is released',
};

const names: Record<Provider['guarantees']['identity'], string> = {
  assigned: 'the provider: a create without an answer is searched for',
  named: 'goldtune, each name once: a create that comes twice makes one job',
};

const lateCreates: Record<Provider['guarantees']['fence'], string> = {
  file: 'harmless without their training file',
  none: 'train: a stop assumes that they come within a settle window, or never',
};

export function providerText(provider: Provider, width: number | null): string {
  const { guarantees } = provider;
  const { cancel, verified } = guarantees;
  const fields = details([
    ['name', oneLine(provider.name) + marks(provider)],
    ['answers', answerText(provider)],
    ['because', provider.reason && oneLine(provider.reason)],
    ['asked', provider.asked_at],
    ['default model', provider.default_model && oneLine(provider.default_model)],
    ['parameters', provider.parameters.join(' ')],
    ['logs', saidOf(provider.shows_logs)],
    ['a job begins', starts[guarantees.start]],
    ['a stop is', stops[guarantees.stop]],
    ['named by', names[guarantees.identity]],
    ['late creates', lateCreates[guarantees.fence]],
    ['known by', guarantees.tag.replaceAll('_', ' ')],
    ['cancel', cancel.asynchronous ? 'answered before it takes effect' : 'takes effect before it is answered'],
    ['may finish all the same', saidOf(cancel.may_finish_anyway)],
    ['record kept', saidOf(cancel.keeps_record)],
    ['paid for', oneLine(cancel.billed)],
    ['verified', `${verified.on} against ${verified.against}: ${oneLine(verified.note)}`],
  ]);
  const beyond = provider.open_catalogue ? 'any other model that is named is taken too' : null;
  const models = provider.models.length > 0 ? modelTable(provider.models, width) : null;
  return [fields, models, beyond].filter((part) => part !== null).join('\n\n');
}

const saidOf = (is: boolean | null) => (is === null ? 'nobody says' : is ? 'yes' : 'no');

const dayOf = (announced: Model['training_ends']) =>
  announced && (announced.at_the_earliest ? `${announced.on} at least` : announced.on);

const modelTable = (models: readonly Model[], width: number | null) =>
  table(
    [{ name: 'model', least: 12 }, 'example tokens', 'counted', 'USD per 1M', 'trained until', 'served until', 'for'],
    models.map((model) => [
      oneLine(model.name),
      model.max_example_tokens === null ? null : count(model.max_example_tokens),
      model.tokens_exact ? 'exactly' : `±${Math.round(model.tokens_margin * 100)} %`,
      model.usd_per_million_trained_tokens,
      dayOf(model.training_ends),
      dayOf(model.serving_ends),
      model.existing_customers_only ? 'existing customers' : 'everybody',
    ]),
    width,
  );
