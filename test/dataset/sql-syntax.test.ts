// Warnings about SQL that a parser cannot read.
import { describe, expect, it, test } from 'vitest';
import { knownDialect } from '../../server/finetuning/golden-records/parsers.ts';
import { checkAll } from '../../server/finetuning/golden-records/sql-syntax.ts';
import { createTurns } from '../../server/finetuning/golden-records/turns.ts';

const checkSql = async (sql: string, dialect: string) => (await checkAll([sql], dialect)).flat();

describe('checking SQL', () => {
  it.each(['postgresql', 'mysql', 'mariadb', 'sqlite', 'bigquery', 'redshift', 'trino'])(
    'has no warning for a plain %s query, and one for no query at all',
    async (name) => {
      expect(await checkSql("SELECT a, count(*) FROM t WHERE b = 'x' GROUP BY a ORDER BY a", name)).toEqual([]);
      expect(await checkSql('SELEC a FORM t', name)).toHaveLength(1);
    },
  );

  it.each([
    ['postgres', 'postgresql'],
    ['PG', 'postgresql'],
    [' PostgreSQL 16.2 ', 'postgresql'],
    ['sqlserver', 'mssql'],
    ['SQL Server 2019', 'mssql'],
    ['tsql', 'mssql'],
    ['transactsql', 'mssql'],
    ['SQLite3', 'sqlite'],
    ['databricks', 'spark'],
    ['awsathena', 'trino'],
    ['presto', 'trino'],
    ['Google BigQuery', 'bigquery'],
  ])('knows %s as %s', (name, known) => {
    expect(knownDialect(name)).toBe(known);
  });

  it.each([
    'oracle',
    'mssql',
    'snowflake',
    'clickhouse',
    'duckdb',
    'databricks',
    'spark',
    'cobol',
    '',
    '__proto__',
    'constructor',
  ])('leaves the SQL of what no parser reads well unchecked: %s', async (name) => {
    expect(await checkAll(['SELEC 1', 'SELECT 1'], name)).toEqual([[], []]);
  });

  it('takes what another parser reads for right', async () => {
    expect(await checkSql('SELECT name FROM players ORDER BY points NULLS FIRST', 'bigquery')).toEqual([]);
    expect(await checkSql('SELECT name FROM towns ORDER BY population DESC NULLS LAST', 'sqlite')).toEqual([]);
  });

  it('says what the parser could not read, and where', async () => {
    expect(await checkSql('SELECT a FROM t WHRE b', 'sqlite')).toEqual([
      'sqlite parser cannot read this SQL: unexpected "b" (line 1, column 22)',
    ]);
    expect(await checkSql("SELECT '😀'\nFROM FROM t", 'postgresql')).toEqual([
      'postgresql parser cannot read this SQL: syntax error at or near "FROM" (line 2, column 6)',
    ]);
    expect(await checkSql('SELECT (', 'mysql')).toEqual([
      'mysql parser cannot read this SQL: unexpected end (line 1, column 9)',
    ]);
  });

  it('judges by the dialect', async () => {
    const sql = 'SELECT `a` FROM t';
    expect(await checkSql(sql, 'mysql')).toEqual([]);
    expect(await checkSql(sql, 'postgresql')).toHaveLength(1);
    expect(await checkSql("SELECT data ->> 'a' FROM t, LATERAL (SELECT 1) s FOR UPDATE", 'postgresql')).toEqual([]);
  });

  it.each(['postgresql', 'sqlite'] as const)('warns in one short line whatever it is given (%s)', async (name) => {
    const odd = [
      '',
      ' \n',
      ';;',
      '\u0000',
      '\ud800',
      `'${'x'.repeat(15_000)}`,
      `SELECT "${'y\n'.repeat(500)}`,
      '('.repeat(9_000),
    ];
    for (const warnings of await checkAll(odd, name)) {
      for (const warning of warnings) {
        expect(warning.length).toBeLessThanOrEqual(300);
        expect(warning).not.toContain('\n');
      }
    }
    expect(await checkSql('SELECT 1', name)).toEqual([]);
  });

  it('does not try SQL of more than 20,000 characters', async () => {
    expect(await checkSql(`SELECT '${'x'.repeat(20_000)}'`, 'sqlite')).toEqual([
      'too long to check: 20009 characters, at most 20000 are checked',
    ]);
  });

  it('gives the warnings of many in their order', async () => {
    const warnings = await checkAll(['SELECT 1', 'SELEC 2', 'SELECT 3'], 'postgresql');
    expect(warnings.map(({ length }) => length)).toEqual([0, 1, 0]);
  });

  it('gives up on SQL that takes a parser forever, without stalling the server, and goes on with the next', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 10);
    const [stalled, next] = await checkAll([`SELECT ${'['.repeat(8)} !`, 'SELECT 1'], 'bigquery');
    clearInterval(timer);
    expect(stalled).toEqual([expect.stringMatching(/^not checked: the bigquery parser (took too long|failed)$/)]);
    expect(next).toEqual([]);
    expect(turns).toBeGreaterThan(10);
  });
});

describe('SQL that takes a parser long', () => {
  const slow = (index: number) => `SELECT ${'('.repeat(50)}${index}${')'.repeat(50)}`;

  it('is checked for as long as its budget, and the rest of the batch is told as not checked', async () => {
    const warnings = await checkAll(Array(500).fill('SELECT 1'), 'postgresql', { budget_ms: 0 });
    const unchecked = 'not checked: the others took the postgresql parser too long';
    expect(warnings[0]).toEqual([]);
    expect(warnings.at(-1)).toEqual([unchecked]);
    expect(warnings.flat().filter((warning) => warning !== unchecked)).toEqual([]);
  });

  it('does not keep a small batch waiting behind a large one', async () => {
    let isOver = false;
    const large = checkAll(
      Array.from({ length: 500 }, (_, index) => slow(index)),
      'mysql',
    ).finally(() => {
      isOver = true;
    });
    expect(await checkAll(['SELECT 1'], 'mysql')).toEqual([[]]);
    expect(isOver).toBe(false);
    await large;
  });

  it('is left unchecked once nobody waits for it', async () => {
    const stop = new AbortController();
    const checking = checkAll(
      Array.from({ length: 20_000 }, (_, index) => slow(index)),
      'mysql',
      { signal: stop.signal, budget_ms: Infinity },
    );
    await checkAll(['SELECT 1'], 'mysql');
    stop.abort();
    await expect(checking).rejects.toThrow('aborted');
  });
});

describe('of several who take turns', () => {
  /** Notes whose turn it is, and what each takes in it. */
  function prepared() {
    const { take } = createTurns();
    const order: string[] = [];
    const someone = (name: string) => {
      const user = { used_ms: 0 };
      return (ms: number, work = async () => {}) =>
        take(user, async () => {
          order.push(name);
          await work();
          user.used_ms += ms;
        });
    };
    return { order, someone };
  }

  test('whoever has used least is next, and of those who have used the same, whoever came first', async () => {
    const { order, someone } = prepared();
    const [heavy, light, other] = [someone('heavy'), someone('light'), someone('light too')];
    await heavy(9);
    await light(1);
    await other(1);
    const held = Promise.withResolvers<void>();
    const turns = [
      someone('first')(0, () => held.promise),
      heavy(1),
      light(1, () => Promise.reject(new Error('its own fault'))),
      other(1),
    ];
    held.resolve();
    expect((await Promise.allSettled(turns)).map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(order.slice(3)).toEqual(['first', 'light', 'light too', 'heavy']);
  });

  test('a stream of small ones kept a large one waiting until it ended: it has its turns among them', async () => {
    const { order, someone } = prepared();
    const STREAM = 60;
    const small: Promise<void>[] = [];
    // There are always two of them: with each turn another one comes.
    const comes = () => {
      if (small.length < STREAM) small.push(someone('small')(5, async () => comes()));
    };
    const large = someone('large');
    await large(100, async () => {
      comes();
      comes();
    });
    for (let turn = 0; turn < 3; turn++) await large(100);
    // Grows while it is gone through.
    for (const turn of small) await turn;
    expect(order.filter((name) => name === 'small')).toHaveLength(STREAM);
    expect(order.lastIndexOf('large')).toBeLessThan(STREAM / 2);
  });

  test('a second large one had all turns until it had used as much as the first: they take turns', async () => {
    const { order, someone } = prepared();
    const [first, second] = [someone('first'), someone('second')];
    const all = async (turn: typeof first, count: number) => {
      for (let had = 0; had < count; had++) await turn(100);
    };
    await all(first, 10);
    await Promise.all([all(first, 5), all(second, 5)]);
    const shared = order.slice(10);
    expect(shared.slice(0, 6).filter((name) => name === 'first')).toHaveLength(3);
  });
});
