// What is wrong with a part of a request, as far as an answer tells it: the first hundred, and how many more there are.
import type { FieldError, Location } from '../../finetuning/errors.ts';

/** Faults beyond these are counted: a list of fifty thousand records can have as many, and more. */
export const MOST_NAMED = 100;
/** Of all that are named, as JSON. */
const MOST_CHARACTERS = 20_000;

export class Faults {
  readonly #within: Location;
  readonly #named: FieldError[] = [];
  #characters = 0;
  #beyond = 0;
  /** Whether anybody knows how many there are. */
  #isCounted = true;

  /** @param within what the part is called: ["body"], ["query"]. */
  constructor(within: Location) {
    this.#within = within;
  }

  /** No more are named. */
  get isFull(): boolean {
    return this.#named.length >= MOST_NAMED || this.#characters >= MOST_CHARACTERS;
  }

  get isEmpty(): boolean {
    return this.#named.length === 0;
  }

  /** @param describe is asked only where it is named. */
  add(describe: () => FieldError): void {
    if (this.isFull) {
      this.#beyond++;
      return;
    }
    const { loc, msg, type } = describe();
    const fault = { loc: [...this.#within, ...loc], msg, type };
    this.#named.push(fault);
    this.#characters += JSON.stringify(fault).length;
  }

  /** Others were not looked at. */
  goOn(): void {
    this.#isCounted = false;
  }

  get errors(): FieldError[] {
    if (this.#beyond === 0) return this.#named;
    const many = this.#isCounted ? `${this.#beyond.toLocaleString('en-US')} more` : 'more';
    return [...this.#named, { loc: this.#within, msg: `${many} are not met either`, type: 'value_error' }];
  }
}
