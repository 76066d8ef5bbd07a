// How golden records come as a file, for the OpenAPI document; rest/upload.ts reads them.
import { z } from 'zod';
import { dbConnectionId } from '../../finetuning/contract/fields.ts';
import { csv, form, jsonl } from './examples/golden-records.ts';
import type { Upload } from './route.ts';

const tableText = z.string().meta({
  description: 'The first line names the columns: prompt_text, sql and, if you like, metadata as JSON.',
  example: csv.value,
});
const jsonlText = z.string().meta({
  description: 'One JSON object a line: prompt_text, sql and, if you like, metadata.',
  example: jsonl.value,
});
/** Longer than any column is called. */
const columnName = z.string().max(200);
const promptColumn = columnName.optional().meta({
  description: 'Of a file: the column of the question, where its name does not tell.',
  example: 'Frage',
});
const sqlColumn = columnName.optional().meta({
  description: 'Of a file: the column of the SQL, where its name does not tell.',
  example: 'Abfrage',
});
/** What a form may hold beside the file. */
export const asForm = z.strictObject({
  db_connection_id: dbConnectionId.optional().meta({ description: 'The database connection, if not in the query.' }),
  prompt_column: promptColumn,
  sql_column: sqlColumn,
  file: z.string().meta({
    description: 'The CSV, JSONL or JSON file, named so; after the names of its columns.',
    contentMediaType: 'application/octet-stream',
    example: csv.value,
  }),
});

export const upload: Upload = {
  query: z.strictObject({
    db_connection_id: dbConnectionId.optional().meta({
      description:
        'Of an uploaded file: the database connection of its records. With it a JSON array is a file too; without it each record of the array names its own.',
    }),
    prompt_column: promptColumn,
    sql_column: sqlColumn,
  }),
  content: {
    'text/csv': { schema: tableText, examples: { csv } },
    'application/jsonl': { schema: jsonlText, examples: { jsonl } },
    'application/x-ndjson': { schema: jsonlText, examples: { jsonl } },
    'multipart/form-data': { schema: asForm, examples: { form } },
  },
};
