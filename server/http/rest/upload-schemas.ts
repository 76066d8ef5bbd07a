// How golden records come as a file, for the OpenAPI document; rest/upload.ts reads them.
import { z } from 'zod';
import { dbConnectionId } from '../../finetuning/contract/fields.ts';
import { csv, form, jsonl } from './examples/golden-records.ts';
import type { Upload } from './route.ts';

const csvText = z.string().meta({
  description: 'The first line names the columns: prompt_text, sql and, if you like, metadata as JSON.',
  example: csv.value,
});
const jsonlText = z.string().meta({
  description: 'One JSON object a line: prompt_text, sql and, if you like, metadata.',
  example: jsonl.value,
});
const asForm = z.object({
  file: z.string().meta({
    description: 'The CSV or JSONL file, named so.',
    contentMediaType: 'application/octet-stream',
    example: csv.value,
  }),
  db_connection_id: dbConnectionId.optional().meta({ description: 'The database connection, if not in the query.' }),
});

export const upload: Upload = {
  query: z.object({
    db_connection_id: dbConnectionId
      .optional()
      .meta({ description: 'Of an uploaded file: the database connection of its records. JSON says it itself.' }),
  }),
  content: {
    'text/csv': { schema: csvText, examples: { csv } },
    'application/jsonl': { schema: jsonlText, examples: { jsonl } },
    'application/x-ndjson': { schema: jsonlText, examples: { jsonl } },
    'multipart/form-data': { schema: asForm, examples: { form } },
  },
};
