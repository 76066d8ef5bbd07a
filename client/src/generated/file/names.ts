// Generated from the server by `npm run generate`; not edited by hand.
// What columns are called in the files that people have: text-to-SQL sets, exports of other tools, chat formats.
import type { Field } from './problem.ts';

/** In the order in which they are looked for; the first that holds a text is taken. */
export type Names = Record<Field, readonly string[]>;

export const knownNames: Names = {
  prompt_text: [
    'prompt_text',
    'prompt',
    'question',
    'user_question',
    'nl_question',
    'natural_language_question',
    'natural_language_query',
    'natural_language',
    'nl_query',
    'nl',
    'utterance',
    'sql_prompt',
    'input',
    'instruction',
    'title',
    'label',
    'name',
  ],
  sql: [
    'sql',
    'query',
    'sql_query',
    'gold_sql',
    'gold_query',
    'target_sql',
    'sql_text',
    'sql_statement',
    'query_text',
    'query_body',
    'native_query',
    'statement',
    'answer',
    'output',
    'response',
    'completion',
    'content',
  ],
  metadata: ['metadata'],
};

/** Which of the two is the question differs from set to set, so that nothing can be taken where both hold a text. */
export const rivals: readonly string[] = ['input', 'instruction'].map(plain);

/** Upper or lower case, spaces, `_`, `-` and `.` make no difference. */
export function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_.-]+/g, '');
}

/** With the columns that whoever gives the file names for it. */
export const namesFor = (given: { prompt_column?: string | undefined; sql_column?: string | undefined }): Names => ({
  prompt_text: given.prompt_column === undefined ? knownNames.prompt_text : [given.prompt_column],
  sql: given.sql_column === undefined ? knownNames.sql : [given.sql_column],
  metadata: knownNames.metadata,
});
