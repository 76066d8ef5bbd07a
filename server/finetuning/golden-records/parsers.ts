// Which parsers look at the SQL of a dialect, and how often they are wrong. A dialect is a name that people give, and a
// hint: SQL that no parser here reads well enough is not checked.

/** PostgreSQL's own parser, and the grammars of node-sql-parser. */
export type Parser =
  | 'postgresql'
  | 'mysql'
  | 'mariadb'
  | 'sqlite'
  | 'transactsql'
  | 'bigquery'
  | 'snowflake'
  | 'redshift'
  | 'trino'
  | 'hive'
  | 'flinksql'
  | 'db2';

export type Reading = {
  /** Asked in this order; SQL is flagged where none of them reads it, in the words of the first. */
  parsers: readonly [Parser, ...Parser[]];
  /** Of so many statements that are right (test/dataset/fixtures/sql), so many were flagged. */
  measured: { statements: number; flagged: number };
};

/** From this share of false flags on, people learn not to read them: then the dialect is not checked. */
export const WORST = 0.05;

/** No grammar knows all of its dialect. What is right is mostly read by another one; what is wrong is read by none. */
export const readings = {
  postgresql: { parsers: ['postgresql'], measured: { statements: 42, flagged: 0 } },
  mysql: { parsers: ['mysql', 'postgresql'], measured: { statements: 41, flagged: 2 } },
  mariadb: { parsers: ['mariadb', 'postgresql', 'bigquery'], measured: { statements: 45, flagged: 2 } },
  sqlite: { parsers: ['sqlite', 'postgresql', 'transactsql'], measured: { statements: 42, flagged: 2 } },
  mssql: { parsers: ['transactsql', 'postgresql', 'snowflake'], measured: { statements: 46, flagged: 3 } },
  bigquery: { parsers: ['bigquery', 'snowflake'], measured: { statements: 49, flagged: 1 } },
  redshift: { parsers: ['redshift', 'postgresql', 'snowflake'], measured: { statements: 41, flagged: 2 } },
  trino: { parsers: ['trino', 'postgresql'], measured: { statements: 47, flagged: 1 } },
  snowflake: { parsers: ['snowflake', 'postgresql'], measured: { statements: 47, flagged: 4 } },
  flinksql: { parsers: ['flinksql', 'postgresql', 'transactsql'], measured: { statements: 40, flagged: 2 } },
  db2: { parsers: ['db2', 'postgresql'], measured: { statements: 40, flagged: 3 } },
  hive: { parsers: ['hive'], measured: { statements: 41, flagged: 7 } },
  spark: { parsers: ['hive', 'postgresql'], measured: { statements: 40, flagged: 13 } },
  duckdb: { parsers: ['postgresql', 'snowflake'], measured: { statements: 40, flagged: 8 } },
} as const satisfies Record<string, Reading>;

export type Known = keyof typeof readings;
const isKnown = (name: string): name is Known => Object.hasOwn(readings, name);

const otherNames = new Map<string, Known>([
  ...['postgres', 'pg', 'psql', 'pgsql', 'postgis', 'timescaledb', 'supabase'].map(to('postgresql')),
  ...['mysql2', 'aurora', 'auroramysql'].map(to('mysql')),
  ...['sqlite3', 'libsql', 'turso'].map(to('sqlite')),
  ...['transactsql', 'tsql', 'sqlserver', 'microsoftsqlserver', 'mssqlserver', 'azuresql', 'synapse'].map(to('mssql')),
  ...['googlebigquery', 'googlesql', 'bq'].map(to('bigquery')),
  ...['amazonredshift', 'awsredshift'].map(to('redshift')),
  ...['athena', 'awsathena', 'amazonathena', 'presto', 'prestodb', 'prestosql', 'starburst'].map(to('trino')),
  ...['sparksql', 'pyspark', 'databricks', 'databrickssql'].map(to('spark')),
  ...['hiveql'].map(to('hive')),
  ...['flink'].map(to('flinksql')),
  ...['motherduck'].map(to('duckdb')),
]);

function to(known: Known): (name: string) => [string, Known] {
  return (name) => [name, known];
}

/** By any of its names; a version after the name makes no difference. */
export function knownDialect(dialect: string): Known | null {
  const plain = dialect
    .trim()
    .toLowerCase()
    .replace(/\s+v?\d[\d.]*$/, '');
  const name = plain.replaceAll(/[^a-z0-9]+/g, '');
  return isKnown(name) ? name : (otherNames.get(name) ?? null);
}

/** @returns null: SQL of this dialect is not checked. */
export function parsersOf(dialect: string): Reading['parsers'] | null {
  const known = knownDialect(dialect);
  if (known === null) return null;
  const { parsers, measured } = readings[known];
  return measured.flagged / measured.statements < WORST ? parsers : null;
}
