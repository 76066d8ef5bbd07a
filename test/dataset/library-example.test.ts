// The sample that newcomers find: every record parses, and runs on the schema it comes with.
import { createReadStream, readFileSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { describe, expect, it } from 'vitest';
import { readFile } from '../../server/finetuning/golden-records/file/read-file.ts';
import { checkAll } from '../../server/finetuning/golden-records/sql-syntax.ts';

const sample = (name: string) => new URL(`../../examples/library/${name}`, import.meta.url);
const { records: read } = await readFile(createReadStream(sample('golden-records.jsonl')));
const records = read.map(({ record }) => record);

// Rows for every table, so that a query meets values and not only columns.
const rows = `
  INSERT INTO branches SELECT i, 'Branch ' || i, 'Harbour', DATE '2001-01-01' FROM generate_series(1, 3) i;
  INSERT INTO genres SELECT i, 'Genre ' || i FROM generate_series(1, 4) i;
  INSERT INTO books SELECT i, 'Sea ' || i, i % 4 + 1, 'en', 1990 + i % 30, 100 + i FROM generate_series(1, 120) i;
  INSERT INTO copies SELECT i, i % 110 + 1, i % 3 + 1, DATE '2020-01-01', (ARRAY['new', 'good', 'worn', 'lost'])[i % 4 + 1], 1999
    FROM generate_series(1, 400) i;
  INSERT INTO copies SELECT 400 + i, 120, i, DATE '2020-01-01', 'good', 500 FROM generate_series(1, 3) i;
  INSERT INTO members SELECT i, (ARRAY['adult', 'child', 'senior'])[i % 3 + 1], i % 3 + 1, DATE '2025-02-01'
    FROM generate_series(1, 20) i;
  INSERT INTO loans SELECT i, i % 300 + 1, i % 15 + 1, DATE '2025-03-01' + i % 30, DATE '2025-03-22' + i % 30,
    CASE WHEN i % 5 = 0 THEN NULL ELSE DATE '2025-03-12' + i % 40 END FROM generate_series(1, 500) i;
  INSERT INTO loans SELECT 500 + i, i, i, CURRENT_DATE, CURRENT_DATE + 21, NULL FROM generate_series(1, 5) i;
  INSERT INTO fines SELECT i, i, 250, CASE WHEN i % 2 = 0 THEN DATE '2025-05-01' END FROM generate_series(1, 30) i;
  INSERT INTO reservations SELECT i, i % 10 + 111, i % 15 + 1, DATE '2025-03-01', CASE WHEN i % 2 = 0 THEN DATE '2025-03-09' END
    FROM generate_series(1, 30) i;`;

describe('the library example', () => {
  it('has thirty different questions and answers', () => {
    expect(records).toHaveLength(30);
    expect(new Set(records.map(({ prompt_text }) => prompt_text)).size).toBe(30);
    expect(new Set(records.map(({ sql }) => sql)).size).toBe(30);
  });

  it('has no SQL that the PostgreSQL parser warns of', async () => {
    const sqls = [readFileSync(sample('schema.sql'), 'utf8'), ...records.map(({ sql }) => sql)];
    expect((await checkAll(sqls, 'postgresql')).flat()).toEqual([]);
  });

  it('has SQL that runs on its schema and finds something', async () => {
    const database = await PGlite.create();
    try {
      await database.exec(readFileSync(sample('schema.sql'), 'utf8'));
      await database.exec(rows);
      for (const { prompt_text, sql } of records) {
        const answer = await database.query(sql);
        if (answer.rows.length === 0) expect.fail(`nothing found for: ${prompt_text}`);
      }
    } finally {
      await database.close();
    }
  });
});
