// What a request is refused with whose fields were not met.
import { type DomainError, type FieldError, invalidFields } from '../../finetuning/errors.ts';

/** In the one line for people: the first few of them. */
const MOST_IN_A_LINE = 10;

export function unmet(errors: readonly FieldError[]): DomainError {
  const named = errors.slice(0, MOST_IN_A_LINE).map(inALine);
  const beyond = errors.length - named.length;
  return invalidFields(errors, [...named, ...(beyond > 0 ? [`and ${beyond} more`] : [])].join('; '));
}

/** "Field required" does not say which; what begins with the name of its field does. */
function inALine({ loc, msg }: FieldError): string {
  const way = loc.slice(1).map(String);
  return way.length === 0 || msg.startsWith(way.at(-1) ?? '') ? msg : `${way.join('.')}: ${msg}`;
}
