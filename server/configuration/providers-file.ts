// Reads PROVIDERS_FILE: the providers it lists, or all that is wrong with it, each with its line.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { cut } from '../finetuning/cut.ts';
import { nearestName } from '../finetuning/nearest.ts';
import { inWords } from '../secret-files.ts';
import type { Entry } from './entry.ts';
import { looksSecret } from './looks-secret.ts';
import { parseEntry } from './parse-entry.ts';
import { type Problem, placeOf, problemsOf, zodWords } from './problems.ts';
import { readYaml } from './yaml.ts';

const MOST_BYTES = 1_000_000;
const MOST_PROVIDERS = 100;

const schema = z.strictObject({
  default: z.string().optional(),
  providers: z.array(z.unknown()).min(1).max(MOST_PROVIDERS),
});

export type ProvidersFile = {
  /** Those that can be read, and where they stand. */
  entries: { entry: Entry; index: number }[];
  /** Where it is that a run goes to which names no provider. */
  standard: number;
  /** Words what is wrong with it. */
  tell: (problem: Problem) => string;
  problems: string[];
};

export function readProvidersFile(path: string): ProvidersFile {
  const name = `PROVIDERS_FILE ${looksSecret(path) || /\p{Cc}/u.test(path) ? '' : path}`.trimEnd();
  const none = { entries: [], standard: 0, tell: ({ message }: Problem) => `${name}: ${message}` };
  const text = textOf(path);
  if ('problem' in text) return { ...none, problems: [`${name}: ${text.problem}`] };
  const { value, lineOf, problems: unreadable } = readYaml(text.content);
  if (unreadable.length > 0)
    return { ...none, problems: unreadable.map(({ line, message }) => `${name} line ${line} ${message}`) };

  const parsed = schema.safeParse(value, zodWords);
  const given = parsed.success ? parsed.data.providers : [];
  const names = given.map(nameIn);
  const tell = ({ path: at, message }: Problem) => {
    const place = placeOf(at, names);
    return `${name} line ${lineOf(at)}${place === '' ? '' : `, ${place}`}: ${message}`;
  };
  if (!parsed.success) {
    const problems = problemsOf(parsed.error, () => Object.keys(schema.shape));
    return { ...none, tell, problems: problems.map(tell) };
  }
  const read = given.map(parseEntry);
  const wrong = read.flatMap(({ problems }, index) =>
    problems.map((problem) => ({ ...problem, path: ['providers', index, ...problem.path] })),
  );
  const { standard, problems } = standardOf(parsed.data.default, names);
  const all = [...wrong, ...twice(names), ...problems];
  return {
    entries: read.flatMap(({ entry }, index) => (entry ? [{ entry, index }] : [])),
    standard,
    tell,
    problems: all.map(tell),
  };
}

function textOf(path: string): { content: string } | { problem: string } {
  try {
    const content = readFileSync(path, 'utf8');
    return content.length > MOST_BYTES ? { problem: 'is longer than 1 MB; is it the right file?' } : { content };
  } catch (error) {
    return { problem: inWords(error) };
  }
}

const nameIn = (entry: unknown): string | null =>
  entry !== null &&
  typeof entry === 'object' &&
  'name' in entry &&
  typeof entry.name === 'string' &&
  !looksSecret(entry.name)
    ? cut(entry.name)
    : null;

/** People take names that differ in capitals for the same. */
const twice = (names: readonly (string | null)[]): Problem[] =>
  names.flatMap((name, index) => {
    const same = (other: string | null) => other !== null && other.toLowerCase() === name?.toLowerCase();
    return names.findIndex(same) === index || name === null
      ? []
      : [{ path: ['providers', index, 'name'], message: 'is the name of another provider too; give each its own' }];
  });

function standardOf(wanted: string | undefined, names: readonly (string | null)[]) {
  if (wanted === undefined) return { standard: 0, problems: [] };
  const standard = names.indexOf(wanted);
  if (standard >= 0) return { standard, problems: [] };
  const known = names.filter((name) => name !== null);
  const nearest = nearestName(wanted, known);
  const advice = nearest === null ? `it names one of ${known.join(', ')}` : `did you mean ${nearest}?`;
  return { standard: 0, problems: [{ path: ['default'], message: `is the name of no provider here; ${advice}` }] };
}
