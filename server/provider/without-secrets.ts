// A provider whose words hold no secret of ours, whatever it echoes: what it says is stored, and read by others.
import type { Provider } from '../finetuning/provider.ts';

export type Clean = {
  text: (text: string) => string;
  /** Whether an id holds a secret. It is not altered, but cannot be used. */
  spoils: (id: string) => boolean;
};

/** The same provider; every text it answers with is cleaned, and so is what its methods throw. */
export function withoutSecrets(provider: Provider, clean: Clean): Provider {
  return new Proxy(provider, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...input: unknown[]) => {
        const outcome: unknown = member.apply(target, input);
        return outcome instanceof Promise ? outcome.then(withClean(clean), throwClean(clean)) : outcome;
      };
    },
  });
}

const withClean = (clean: Clean) => (outcome: unknown) =>
  spoiltId(outcome, clean)
    ? { kind: 'unknown', reason: 'the reply names something by a secret of this configuration' }
    : cleaned(outcome, clean);

const throwClean = (clean: Clean) => (error: unknown) => {
  throw new Error(clean.text(error instanceof Error ? error.message : String(error)), { cause: error });
};

/** Names of things, by which the provider is asked again. */
const NAMES = new Set(['id', 'name', 'model_id', 'training_file_id', 'incarnation', 'tag']);

function spoiltId(value: unknown, clean: Clean, isName = false): boolean {
  if (typeof value === 'string') return isName && clean.spoils(value);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => spoiltId(inner, clean, isName || NAMES.has(key)));
}

function cleaned(value: unknown, clean: Clean): unknown {
  if (typeof value === 'string') return clean.text(value);
  if (Array.isArray(value)) return value.map((item) => cleaned(item, clean));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, NAMES.has(key) ? inner : cleaned(inner, clean)]),
  );
}
