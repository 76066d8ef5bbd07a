// Database connections on the wire. No credentials: goldtune never connects to the database that is asked about.
import { z } from 'zod';
import { dialect } from '../golden-records/dialect.ts';
import { metadata, objectId, text, utcTime } from './fields.ts';

const alias = text.trim().min(1).max(200).meta({ description: 'A name for people.', example: 'library' });
const schemaSql = text.max(1_000_000).meta({
  description: 'The schema text that goes into the system prompt of each training example.',
  example: 'CREATE TABLE books (id integer, title text);',
});

export const createInput = z
  .object({
    alias,
    dialect: dialect.default('postgresql'),
    schema_sql: schemaSql.default(''),
    metadata: metadata.nullish(),
  })
  .meta({ id: 'CreateDbConnection' });
export type CreateInput = z.infer<typeof createInput>;

export const updateInput = z
  .object({
    alias: alias.optional(),
    dialect: dialect.optional(),
    schema_sql: schemaSql.optional(),
    metadata: metadata.nullish(),
  })
  .meta({
    id: 'UpdateDbConnection',
    description: 'What is left out stays. Runs already created keep the schema they had.',
  });
export type UpdateInput = z.infer<typeof updateInput>;

export const dbConnection = z
  .object({
    id: objectId,
    alias: z.string(),
    dialect: z.string(),
    schema_sql: z.string(),
    metadata: metadata.nullable(),
    created_at: utcTime,
    updated_at: utcTime,
  })
  .meta({ id: 'DbConnection' });
