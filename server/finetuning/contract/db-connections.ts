// Database connections on the wire. No credentials: goldtune never connects to the database that is asked about.
import { z } from 'zod';
import { dialect } from '../golden-records/dialect.ts';
import { dbConnectionId, metadata, text, utcTime, withDefault } from './fields.ts';

const forAlias = { description: 'A name for people.', example: 'library' };
const forDialect = { description: 'The SQL of the database.', example: 'postgresql' };
const forSchemaSql = {
  description: 'The schema text that goes into the system prompt of each training example.',
  example: 'CREATE TABLE books (id integer, title text);',
};

const alias = text.trim().min(1).max(200).meta(forAlias);
const schemaSql = text.max(1_000_000).meta(forSchemaSql);

export const createInput = z
  .object({
    alias,
    dialect: withDefault(dialect, 'postgresql').meta({ ...dialect.meta(), example: 'postgresql' }),
    schema_sql: withDefault(schemaSql, '').meta(forSchemaSql),
    metadata: metadata.nullish(),
  })
  .meta({ id: 'CreateDbConnection', description: 'What to know of a database: no credentials are taken.' });
export type CreateInput = z.infer<typeof createInput>;

export const updateInput = z
  .object({
    alias: alias.optional(),
    dialect: dialect.optional().meta({ ...dialect.meta(), example: 'mysql' }),
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
    id: dbConnectionId,
    alias: z.string().meta(forAlias),
    dialect: z.string().meta(forDialect),
    schema_sql: z.string().meta(forSchemaSql),
    metadata: metadata.nullable(),
    created_at: utcTime,
    updated_at: utcTime,
  })
  .meta({ id: 'DbConnection', description: 'A database that questions are asked about.' });
