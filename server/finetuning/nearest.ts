// Which of the known names somebody may have meant who wrote another.
import { distance } from 'fastest-levenshtein';

/** Of 1, which is the same name. Below it a guess would be one of chance. */
const LEAST_LIKENESS = 0.5;
/** No name is as long, and the distance costs the product of both lengths. */
const LONGEST = 100;

/**
 * @param known names, or ways to a name of another object: of `base_llm.model_name` the last part is compared.
 * @returns the likest, of equals the first; null where none is like it.
 */
export function nearestName(given: string, known: readonly string[]): string | null {
  if (given.length > LONGEST) return null;
  const words = wordsOf(given);
  let best: { name: string | null; likeness: number } = { name: null, likeness: 0 };
  for (const name of known) {
    const found = likeness(words, wordsOf(name.split('.').at(-1) ?? ''));
    if (found > best.likeness) best = { name, likeness: found };
  }
  return best.likeness >= LEAST_LIKENESS ? best.name : null;
}

/** `modelNames`, `model-name` and `MODEL_NAME` are the same words. */
const wordsOf = (name: string): string[] =>
  name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== '')
    .map((word) => word.replace(/s$/, ''));

/** By letters for a slip of the fingers, by words for a name of another service. */
function likeness(a: readonly string[], b: readonly string[]): number {
  const [left, right] = [a.join(''), b.join('')];
  const longer = Math.max(left.length, right.length);
  const byLetters = longer === 0 ? 0 : 1 - distance(left, right) / longer;
  const byWords = (2 * a.filter((word) => b.includes(word)).length) / Math.max(1, a.length + b.length);
  // Of several names that share as many words, the one with the fewest others.
  return Math.max(byLetters, byWords) + byLetters / 100;
}
