// Entry of the parser process: takes some pieces of SQL and answers of each, in their order, whether a parser reads it.
import type { Parser } from './parsers.ts';

export type ParseRequest = { sqls: readonly string[]; parser: Parser };
export type Reading = { kind: 'read' } | { kind: 'unreadable'; problem: string };
/**
 * `over`: it has begun, or reads no more of what it was given: the time of a turn is used up.
 * `cpu_ms`: of the processor, which a machine that is busy with other things does not change.
 */
export type FromChild = Reading | { kind: 'over'; cpu_ms: number };

/** Others wait meanwhile. One piece may take longer than a turn, but none is begun after it. */
const TURN_MS = 100;

/** Throws where it cannot read. Each parser is hundreds of kilobytes, so only the one that is needed is loaded. */
type Parse = (sql: string) => unknown;

/** PostgreSQL's own parser, as WebAssembly; node-sql-parser's grammars for the others. */
const parsers: Record<Parser, () => Promise<Parse>> = {
  postgresql: async () => {
    const { loadModule, parseSync } = await import('libpg-query');
    await loadModule();
    return parseSync;
  },
  mysql: async () => grammar(await import('node-sql-parser/build/mysql.js')),
  mariadb: async () => grammar(await import('node-sql-parser/build/mariadb.js')),
  sqlite: async () => grammar(await import('node-sql-parser/build/sqlite.js')),
  transactsql: async () => grammar(await import('node-sql-parser/build/transactsql.js')),
  bigquery: async () => grammar(await import('node-sql-parser/build/bigquery.js')),
  snowflake: async () => grammar(await import('node-sql-parser/build/snowflake.js')),
  redshift: async () => grammar(await import('node-sql-parser/build/redshift.js')),
  trino: async () => grammar(await import('node-sql-parser/build/trino.js')),
  hive: async () => grammar(await import('node-sql-parser/build/hive.js')),
  flinksql: async () => grammar(await import('node-sql-parser/build/flinksql.js')),
  db2: async () => grammar(await import('node-sql-parser/build/db2.js')),
};

function grammar({ default: { Parser } }: { default: { Parser: new () => { parse: Parse } } }): Parse {
  const parser = new Parser();
  return (sql) => {
    const parsed = parser.parse(sql);
    if (isObject(parsed) && [parsed['ast']].flat(2).some(isBareAssignment))
      throw new Error('it begins with no keyword');
  };
}

/** Some grammars take any two words for an assignment, so that `SELEC name` would be right; a variable has its `@`. */
function isBareAssignment(statement: unknown): boolean {
  const assigned = isObject(statement) && isObject(statement['stmt']) ? statement['stmt'] : {};
  return assigned['type'] === 'assign' && isObject(assigned['left']) && assigned['left']['prefix'] === null;
}

async function answer({ sqls, parser }: ParseRequest): Promise<void> {
  const parse = await parsers[parser]();
  const end = performance.now() + TURN_MS;
  const before = process.cpuUsage();
  for (const sql of sqls) {
    tell(read(sql, parse));
    if (performance.now() > end) break;
  }
  const { user, system } = process.cpuUsage(before);
  tell({ kind: 'over', cpu_ms: (user + system) / 1000 });
}

function tell(message: FromChild): void {
  process.send?.(message);
}

function read(sql: string, parse: Parse): Reading {
  try {
    if (sql.trim() === '') return { kind: 'unreadable', problem: 'it is empty' };
    parse(sql);
    return { kind: 'read' };
  } catch (error) {
    // A trap leaves the WebAssembly module in an unknown state: end this process, the next starts afresh.
    if (!(error instanceof Error) || error.name === 'RuntimeError') throw error;
    return { kind: 'unreadable', problem: describe(error, sql) };
  }
}

function describe(error: Error, sql: string): string {
  if (error instanceof RangeError) return 'it is nested too deeply';
  if ('sqlDetails' in error && isObject(error.sqlDetails) && typeof error.sqlDetails.cursorPosition === 'number') {
    return `${error.message} ${position(sql, error.sqlDetails.cursorPosition)}`;
  }
  if ('location' in error && isObject(error.location) && isObject(error.location.start)) {
    const { line, column } = error.location.start;
    // The message itself lists everything that could have stood there instead.
    const found = 'found' in error && typeof error.found === 'string' ? JSON.stringify(error.found) : 'end';
    return `unexpected ${found} (line ${line}, column ${column})`;
  }
  return error.message;
}

/** @param offset counted in characters, as PostgreSQL does, not in UTF-16 units. */
function position(sql: string, offset: number): string {
  const lines = [...sql].slice(0, offset).join('').split('\n');
  return `(line ${lines.length}, column ${[...(lines.at(-1) ?? '')].length + 1})`;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

process.on('message', (request: ParseRequest) => {
  // A failure is left uncaught: it ends this process, which tells whoever asked.
  void answer(request);
});
tell({ kind: 'over', cpu_ms: 0 });
