// The secrets that no text of a provider may hold: those of the configuration, and tokens that have taken their place since.
import { holdsLongSecret, type Redact, redactionOf } from './redaction.ts';

/** Of those that were added later; the older ones have ended, and protect nothing. */
const MOST_LATER = 10;

export class KnownSecrets {
  readonly #configured: readonly string[];
  #later: readonly string[] = [];
  #redact: Redact;

  constructor(configured: readonly string[]) {
    this.#configured = configured;
    this.#redact = redactionOf(configured);
  }

  add(secret: string): void {
    if (this.#all.includes(secret)) return;
    this.#later = [secret, ...this.#later].slice(0, MOST_LATER);
    this.#redact = redactionOf(this.#all);
  }

  readonly text = (text: string): string => this.#redact(text);
  readonly spoils = (id: string): boolean => holdsLongSecret(this.#all, id);

  get #all(): readonly string[] {
    return [...this.#configured, ...this.#later];
  }
}
