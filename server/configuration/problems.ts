// What is wrong with an entry, in words that say where it stands and what to do, without a value that may be a secret.
import type { z } from 'zod';
import { cut } from '../finetuning/cut.ts';
import { nearestName } from '../finetuning/nearest.ts';
import { wordsOf } from '../http/fields/words.ts';
import { looksSecret } from './looks-secret.ts';
import type { Path } from './yaml.ts';

export type Problem = { path: Path; message: string };

/** Names of other programs for what is not to stand in the file at all. */
const SECRET_KEY = /(key|token|secret|password|credentials?)$/i;

/** @param known the names that the object may hold which stands there. */
export const problemsOf = (error: z.ZodError, known: (path: Path) => readonly string[]): Problem[] =>
  error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{ path: issue.path, message: issue.message }];
    const names = known(issue.path);
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: unknownKey(key, names) }));
  });

export const zodWords = { error: (issue: z.core.$ZodRawIssue) => wordsOf(issue).msg };

function unknownKey(key: string, known: readonly string[]): string {
  const variables = known.filter((name) => name.endsWith('_env'));
  if (SECRET_KEY.test(key) && variables.length > 0)
    return `is not known, and no secret belongs into this file; name the variable that holds it in ${variables.join(' or ')}`;
  if (known.length === 0) return 'is not known';
  const nearest = nearestName(key, known);
  return `is not known; ${nearest === null ? `known are ${known.join(', ')}` : `did you mean ${nearest}?`}`;
}

/** `api_key_env of provider "nebius"`, `models[2].name of provider 3`. */
export function placeOf(path: Path, names: readonly (string | null)[]): string {
  const [top, index, ...rest] = path;
  if (top !== 'providers' || typeof index !== 'number') return written(path);
  const name = names[index] ?? null;
  const provider = `provider ${name === null ? index + 1 : `"${name}"`}`;
  return rest.length === 0 ? provider : `${written(rest)} of ${provider}`;
}

const written = (path: Path) =>
  path
    .map((step, at) => (typeof step === 'number' ? `[${step}]` : `${at === 0 ? '' : '.'}${shown(String(step))}`))
    .join('');

const shown = (key: string) => (looksSecret(key) || /\p{Cc}/u.test(key) ? '…' : cut(key));
