// The sample that newcomers find: every query of it runs on the schema it comes with.
import { createReadStream, readFileSync } from 'node:fs';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { readFile } from '../../server/finetuning/golden-records/file/read-file.ts';
import { createDatabase } from '../postgres/database.ts';

const sample = (name: string) => new URL(`../../examples/library/${name}`, import.meta.url);

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

test('the library example has SQL that runs on its schema and finds something', async () => {
  const { records } = await readFile(createReadStream(sample('golden-records.jsonl')));
  await using database = await createDatabase();
  const client = new Client({ connectionString: database.url });
  await client.connect();
  try {
    // Beside our own tables: both have members.
    await client.query('CREATE SCHEMA library; SET search_path TO library');
    await client.query(readFileSync(sample('schema.sql'), 'utf8'));
    await client.query(rows);
    for (const { record } of records) {
      const { rowCount } = await client.query(record.sql);
      expect(rowCount, record.prompt_text).toBeGreaterThan(0);
    }
  } finally {
    await client.end();
  }
});
