// An example database connection.
import type { z } from 'zod';
import type { dbConnection } from '../../../finetuning/contract/db-connections.ts';

const library: z.infer<typeof dbConnection> = {
  id: '65676b2feb4e22533dc43fb1',
  alias: 'library',
  dialect: 'postgresql',
  sql_checked: true,
  schema_sql: 'CREATE TABLE books (id integer, title text);',
  metadata: { team: 'analytics' },
  created_at: '2026-11-20T17:20:15.730Z',
  updated_at: '2026-11-20T17:20:15.730Z',
};

const { alias, dialect, schema_sql, metadata } = library;
const renamed = 'library (archive)';

export const examplesOfAdd = {
  least: { summary: 'A name', value: { alias } },
  whole: { summary: 'With dialect and schema', value: { alias, dialect, schema_sql, metadata } },
};
export const examplesOfChange = { alias: { summary: 'A new name', value: { alias: renamed } } };

export const connection = { summary: 'The connection', value: library };
export const changed = {
  summary: 'With a new name',
  value: { ...library, alias: renamed, updated_at: '2026-11-21T08:02:44.190Z' },
};
export const connectionPage = { summary: 'One connection', value: [library] };
