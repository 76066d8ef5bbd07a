// Whether a provider knows the hyperparameters of a request. Nothing is converted: what it does not know is refused.
import type { Parameter } from '../catalogue.ts';
import { usual } from '../contract/base-llm.ts';
import { type FieldError, invalidFields } from '../errors.ts';
import type { Provider } from '../provider.ts';
import type { ModelParameters } from '../record.ts';

/** As a request gives them; null: left out. */
type GivenParameters = Omit<ModelParameters, keyof typeof usual> &
  Record<keyof typeof usual, ModelParameters['n_epochs'] | null>;

type Optional = {
  parameter: Parameter;
  /** What says the same in another way. */
  counterpart: Parameter | null;
  /** How nothing is asked of it, for people. */
  without: string;
  /** Else it is left to the provider, which asks nothing of it. */
  isAsked: (given: GivenParameters) => boolean;
};

const AUTO = 'use "auto"';
const LEFT_OUT = 'leave it out';

const isNumber = (given: GivenParameters['n_epochs']) => given !== null && given !== 'auto';

const optional: readonly Optional[] = [
  { parameter: 'n_epochs', counterpart: null, without: AUTO, isAsked: ({ n_epochs }) => isNumber(n_epochs) },
  { parameter: 'batch_size', counterpart: null, without: AUTO, isAsked: ({ batch_size }) => isNumber(batch_size) },
  {
    parameter: 'learning_rate_multiplier',
    counterpart: 'learning_rate',
    without: AUTO,
    isAsked: (given) => given.learning_rate_multiplier !== 'auto',
  },
  {
    parameter: 'learning_rate',
    counterpart: 'learning_rate_multiplier',
    without: LEFT_OUT,
    isAsked: (given) => given.learning_rate !== null,
  },
  { parameter: 'lora', counterpart: null, without: LEFT_OUT, isAsked: (given) => given.lora !== null },
];

/**
 * @returns what it is to be trained with: what is left out is the usual, or the provider's own where it does not take it
 * @throws DomainError `invalid` for each that the provider does not know, with the field that works there
 */
export function chooseParameters(
  { name, parameters: known }: Pick<Provider, 'name' | 'parameters'>,
  given: GivenParameters,
): ModelParameters {
  const asked = optional.filter(({ isAsked }) => isAsked(given));
  const unknown = asked
    .filter(({ parameter }) => !known.includes(parameter))
    .map(({ parameter, counterpart, without }) => {
      const advice = counterpart && known.includes(counterpart) ? `use ${counterpart}` : without;
      return fault(parameter, `${parameter} is not known to ${name}; ${advice}`);
    });
  if (unknown.length > 0) throw invalidFields(unknown);
  const twice = asked.find(({ counterpart }) => asked.some(({ parameter }) => parameter === counterpart));
  if (twice) {
    const { parameter, counterpart } = twice;
    throw invalidFields([fault(parameter, `${parameter} says the same as ${counterpart}; give one of them`)]);
  }
  const usually = (parameter: keyof typeof usual) =>
    given[parameter] ?? (known.includes(parameter) ? usual[parameter] : 'auto');
  return { ...given, n_epochs: usually('n_epochs'), batch_size: usually('batch_size') };
}

const fault = (parameter: Parameter, msg: string): FieldError => ({
  loc: ['body', 'base_llm', 'model_parameters', parameter],
  msg,
  type: 'value_error',
});
