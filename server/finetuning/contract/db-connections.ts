// Database connections on the wire. No credentials: goldtune never connects to the database that is asked about.
import { z } from 'zod';
import { dbConnectionId, metadata, shownMetadata, text, utcTime, withDefault } from './fields.ts';

const forAlias = { description: 'A name for people.', example: 'library' };
const forDialect = {
  description:
    'The SQL of the database, by any name: it goes into the prompt, and is a hint to the parser that looks at the SQL of golden records. Known, under their usual other names too: postgresql, mysql, mariadb, sqlite, mssql, bigquery, snowflake, redshift, athena, trino, hive, databricks, duckdb, clickhouse, oracle, db2.',
  examples: ['postgresql', 'mssql', 'databricks'],
};
const forSchemaSql = {
  description: 'The schema text that goes into the system prompt of each training example.',
  example: 'CREATE TABLE books (id integer, title text);',
};

const alias = text(200).trim().min(1).meta(forAlias);
const schemaSql = text(1_000_000).meta(forSchemaSql);

/** Any name: nothing but a hint depends on it. */
export const dialect = text(100).trim().min(1, 'dialect must not be empty').meta(forDialect);

export const createInput = z
  .strictObject({
    alias,
    dialect: withDefault(dialect, 'postgresql').meta(forDialect),
    schema_sql: withDefault(schemaSql, '').meta(forSchemaSql),
    metadata: metadata.nullish(),
  })
  .meta({ id: 'CreateDbConnection', description: 'What to know of a database: no credentials are taken.' });
export type CreateInput = z.infer<typeof createInput>;

export const updateInput = z
  .strictObject({
    alias: alias.optional(),
    dialect: dialect.optional().meta(forDialect),
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
    sql_checked: z.boolean().meta({
      description:
        'Whether a parser looks at the SQL of its golden records. Not every dialect has one that is right often enough; then no record has warnings.',
      example: true,
    }),
    schema_sql: z.string().meta(forSchemaSql),
    metadata: shownMetadata.nullable(),
    created_at: utcTime,
    updated_at: utcTime,
  })
  .meta({ id: 'DbConnection', description: 'A database that questions are asked about.' });
