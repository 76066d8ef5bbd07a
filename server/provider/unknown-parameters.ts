// What a provider does not take is refused by name before anything is sent: left out, it would be trained without.
import type { Parameter } from '../finetuning/catalogue.ts';
import type { JobRequest, Outcome, Refusal } from '../finetuning/provider.ts';

/** As a provider answers that knows the request to be wrong. */
const BAD_REQUEST = 400;

/** What works in place of another. None is converted: the one is a factor, the other the rate itself. */
const INSTEAD: Partial<Record<Parameter, Parameter>> = {
  learning_rate: 'learning_rate_multiplier',
  learning_rate_multiplier: 'learning_rate',
};

/** Null where all that is asked for is known there. */
export function refusedParameters(
  { name, parameters }: { name: string; parameters: readonly Parameter[] },
  request: JobRequest,
): Exclude<Outcome<never>, { kind: 'done' }> | null {
  const given: [Parameter, boolean][] = [
    ['n_epochs', request.n_epochs !== 'auto'],
    ['batch_size', request.batch_size !== 'auto'],
    ['learning_rate_multiplier', request.learning_rate_multiplier !== 'auto'],
    ['learning_rate', request.learning_rate !== null],
    ['lora', request.lora !== null],
  ];
  const unknown = given.filter(([parameter, isGiven]) => isGiven && !parameters.includes(parameter));
  if (unknown.length === 0) return null;
  const said = unknown.map(([parameter]) => {
    const other = INSTEAD[parameter];
    const advice = other && parameters.includes(other) ? `give ${other}` : 'leave it out';
    return `Provider ${name} does not know ${parameter}: ${advice}.`;
  });
  const refusal: Refusal = { code: 'invalid', message: said.join(' '), status: BAD_REQUEST };
  return { kind: 'refused', refusal };
}
