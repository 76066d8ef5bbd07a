// One golden record of a file: its fields by either of their names, and what the server would refuse in it.

export type Fields = Record<string, unknown>;
export type UnsentRecord = { prompt_text: string; sql: string; metadata?: Record<string, string> };

const MOST_CHARACTERS = 200_000;

const promptOf = (fields: Fields) => fields['prompt_text'] ?? fields['question'];
const sqlOf = (fields: Fields) => fields['sql'] ?? fields['query'];

/** Null: nothing is wrong. */
export const problemOf = (fields: Fields): string | null =>
  textProblem(promptOf(fields), 'prompt_text (or question)') ??
  textProblem(sqlOf(fields), 'sql (or query)') ??
  metadataProblem(fields['metadata'] ?? {});

/** Of fields that have no problem. */
export function recordFrom(fields: Fields): UnsentRecord {
  const metadata = fields['metadata'] ?? undefined;
  return {
    prompt_text: String(promptOf(fields)),
    sql: String(sqlOf(fields)),
    ...(isTexts(metadata) ? { metadata } : {}),
  };
}

function textProblem(value: unknown, name: string): string | null {
  if (value === undefined || value === null) return `${name} is missing`;
  if (typeof value !== 'string') return `${name} must be a text`;
  if (value.trim() === '') return `${name} must not be empty`;
  if (value.includes('\0')) return `${name} must not contain the NUL character`;
  return value.length > MOST_CHARACTERS ? `${name} must have at most 200,000 characters` : null;
}

const metadataProblem = (value: unknown) =>
  isTexts(value) ? null : 'metadata must be an object of texts, such as {"team":"analytics"}';

const isTexts = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.entries(value).every((entry) => entry.every((part) => typeof part === 'string' && !part.includes('\0')));
