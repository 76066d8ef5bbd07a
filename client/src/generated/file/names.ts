// Generated from the server by `npm run generate`; not edited by hand.
// What columns are called in the files that people have: text-to-SQL sets, exports of other tools, chat formats.
import { cut } from '../cut.ts';
import type { Field } from './problem.ts';

/** By their plain spelling, in the order in which they are looked for; the first that holds a text is taken. */
export type Names = Record<Field, readonly string[]> & { called: Called };

/** What they are called in what is said to people. */
type Called = { prompt_text: string; sql: string };

const known: Record<Field, readonly string[]> = {
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

const called: Called = { prompt_text: 'prompt_text (or question)', sql: 'sql (or query)' };

/** Which of the two is the question differs from set to set, so that nothing can be taken where both hold a text. */
export const rivals: readonly string[] = ['input', 'instruction'];

/** Upper or lower case, spaces, `_`, `-` and `.` make no difference. */
export function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_.-]+/g, '');
}

type Given = { prompt_column?: string | undefined; sql_column?: string | undefined };

/** What cannot be meant by the names given; null: nothing. */
export function faultOf({ prompt_column, sql_column }: Given): string | null {
  if (prompt_column !== undefined && plain(prompt_column) === '') return 'prompt_column names no column';
  if (sql_column !== undefined && plain(sql_column) === '') return 'sql_column names no column';
  if (prompt_column === undefined || sql_column === undefined || plain(prompt_column) !== plain(sql_column))
    return null;
  return `prompt_column and sql_column both name "${cut(sql_column)}"; name the column of the question and that of its SQL`;
}

/** With the columns that whoever gives the file names for it. */
export function namesFor(given: Given): Names {
  const either = (column: string | undefined, standard: readonly string[]) =>
    (column === undefined ? standard : [column]).map(plain);
  return {
    prompt_text: either(given.prompt_column, known.prompt_text),
    sql: either(given.sql_column, known.sql),
    metadata: known.metadata,
    called: {
      prompt_text: cut(given.prompt_column ?? called.prompt_text),
      sql: cut(given.sql_column ?? called.sql),
    },
  };
}
