// Parses one entry of PROVIDERS_FILE, or says all that is wrong with it.
import { nearestName } from '../finetuning/nearest.ts';
import { profileSchema } from '../provider/openai/compatible.ts';
import { type Entry, entrySchema, isKind, keysOf } from './entry.ts';
import { holdsKey, looksSecret } from './looks-secret.ts';
import { modelEntry } from './models.ts';
import { type Problem, problemsOf, zodWords } from './problems.ts';
import { type Kind, kinds } from './provider-config.ts';
import type { Path } from './yaml.ts';

export type ParsedEntry = { entry: Entry | null; problems: Problem[] };

/** The paths of problems begin at the entry. */
export function parseEntry(given: unknown): ParsedEntry {
  const kind: unknown = given !== null && typeof given === 'object' && 'kind' in given ? given.kind : undefined;
  if (!isKind(kind)) return { entry: null, problems: [{ path: ['kind'], message: unknownKind(kind) }] };
  const secret = secretTexts(given);
  const parsed = entrySchema(kind).safeParse(given, zodWords);
  const wrong = parsed.success
    ? [...twice(parsed.data), ...oddities(parsed.data)]
    : problemsOf(parsed.error, keysAt(kind));
  const problems = [
    ...secret.filter(({ path }) => !wrong.some((other) => other.path.join() === path.join())),
    ...wrong,
  ];
  return { entry: parsed.success && problems.length === 0 ? parsed.data : null, problems };
}

const keysAt = (kind: Kind) => (path: Path) => {
  if (path.length === 0) return keysOf(kind);
  if (path[0] === 'profile' && path.length === 1) return Object.keys(profileSchema.shape);
  return path[0] === 'models' && path.length === 2 ? Object.keys(modelEntry.shape) : [];
};

function unknownKind(given: unknown): string {
  const known = `one of ${kinds.join(', ')}`;
  if (typeof given !== 'string') return `is needed: ${known}`;
  const nearest = nearestName(given, kinds);
  return nearest === null ? `is none that is known; it is ${known}` : `is none that is known; did you mean ${nearest}?`;
}

/** Where an account of a gateway, a revision of a model or a commit may stand, which are letters and figures at random. */
const WITH_HASHES = ['address', 'directory', 'command', 'default_model', 'environment', 'submit'];
const mayHoldHash = ([field, , inner]: Path) =>
  WITH_HASHES.some((one) => one === field) || (field === 'models' && inner === 'name');

/** A secret in any field of the file is refused, and the field alone is named. */
function secretTexts(value: unknown, path: Path = []): Problem[] {
  if (typeof value === 'string')
    return (mayHoldHash(path) ? holdsKey : looksSecret)(value)
      ? [{ path, message: 'holds what looks like a secret, which does not belong into this file' }]
      : [];
  if (typeof value !== 'object' || value === null) return [];
  const isList = Array.isArray(value);
  return Object.entries(value).flatMap(([key, inner]) => secretTexts(inner, [...path, isList ? Number(key) : key]));
}

/** A model of which two entries say something else. */
const twice = ({ models }: Entry): Problem[] =>
  models.flatMap(({ name }, index) =>
    models.findIndex((other) => other.name === name) === index
      ? []
      : [{ path: ['models', index], message: 'is listed twice; keep one of them' }],
  );

/** What depends on two fields. */
function oddities(entry: Entry): Problem[] {
  switch (entry.kind) {
    case 'azure_openai':
      if ((entry.api_key_env === undefined) === (entry.credential === undefined))
        return [
          { path: ['api_key_env'], message: 'needs the name of the variable with the key, or else credential: entra' },
        ];
      return [];
    case 'slurm':
      if (entry.address.startsWith('unix:')) return [];
      if (entry.token_env !== undefined) return [];
      return [{ path: ['token_env'], message: 'is needed for an address that is no socket (unix:/PATH)' }];
    case 'openai':
    case 'openai_compatible':
    case 'sandbox':
      return [];
    default:
      return entry satisfies never;
  }
}
