// The SQL dialects a database connection can have.
import { z } from 'zod';

export const dialect = z
  .enum([
    'postgresql',
    'mysql',
    'mariadb',
    'sqlite',
    'mssql',
    'transactsql',
    'bigquery',
    'snowflake',
    'redshift',
    'athena',
    'trino',
    'hive',
    'flinksql',
    'db2',
  ])
  .meta({ description: 'The SQL of the database. `mssql` and `transactsql` are the same.' });
export type Dialect = z.infer<typeof dialect>;
