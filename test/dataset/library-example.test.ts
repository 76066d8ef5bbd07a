// The sample that newcomers find: its records are different ones, and every one parses.
import { createReadStream, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readFile } from '../../server/finetuning/golden-records/file/read-file.ts';
import { checkAll } from '../../server/finetuning/golden-records/sql-syntax.ts';

const sample = (name: string) => new URL(`../../examples/library/${name}`, import.meta.url);
const { records: read } = await readFile(createReadStream(sample('golden-records.jsonl')));
const records = read.map(({ record }) => record);

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
});
