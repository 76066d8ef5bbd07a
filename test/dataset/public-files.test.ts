// What people have: text-to-SQL sets, exports of other tools and of spreadsheets. One small file of each shape.
import { createReadStream } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readFile } from '../../server/finetuning/golden-records/file/read-file.ts';

const read = (name: string) =>
  readFile(createReadStream(new URL(`fixtures/files/${name}`, import.meta.url), { highWaterMark: 7 }));

type Expected = {
  pairs: [prompt: string, sql: string][];
  unused: string[];
  skipped?: number[];
  delimiter?: string;
};

const files: Record<string, Expected> = {
  // `sql` is a parsed tree there; the text is in `query`.
  'spider.json': {
    pairs: [
      ['How many ships lie in the harbour?', 'SELECT count(*) FROM ships'],
      ['Which ships sail under the flag of Norway?', "SELECT name FROM ships WHERE flag = 'Norway'"],
    ],
    unused: ['db_id', 'query_toks', 'question_toks', 'sql'],
  },
  'bird.json': {
    pairs: [
      ['What is the longest ship?', 'SELECT name FROM ships ORDER BY length_m DESC LIMIT 1'],
      ['How many piers are free?', 'SELECT COUNT(*) FROM piers WHERE ship_id IS NULL'],
    ],
    unused: ['question_id', 'db_id', 'evidence', 'difficulty'],
  },
  'sede.jsonl': {
    pairs: [
      ['Most answered ship questions', 'SELECT TOP 10 Id AS [Post Link]\nFROM Posts\nORDER BY AnswerCount DESC'],
      ['Users from Bergen', "SELECT DisplayName FROM Users WHERE Location LIKE '%Bergen%'"],
    ],
    unused: ['QuerySetId', 'Description', 'CreationDate', 'validated'],
  },
  // Training data of other types is no pair.
  'vanna.csv': {
    pairs: [
      ['How many crates were unloaded?', 'SELECT sum(crates) FROM unloadings'],
      ['Which crane unloaded most?', 'SELECT crane, sum(crates) FROM unloadings GROUP BY crane ORDER BY 2 DESC'],
    ],
    unused: ['id', 'training_data_type'],
    skipped: [1, 1],
    delimiter: ',',
  },
  'dataherald.json': {
    pairs: [
      ['How many pilots are on duty?', 'SELECT count(*) FROM pilots WHERE on_duty'],
      [
        'Who piloted the Aurora?',
        "SELECT name FROM pilots p JOIN voyages v ON v.pilot_id = p.id WHERE v.ship = 'Aurora'",
      ],
    ],
    unused: ['id', 'db_connection_id', 'created_at'],
  },
  'create-context.json': {
    pairs: [['How many lighthouses are lit?', 'SELECT COUNT(*) FROM lighthouses WHERE lit']],
    unused: ['context'],
  },
  'chat.jsonl': {
    pairs: [
      ['How many buoys drifted?', 'SELECT count(*) FROM buoys WHERE drifted'],
      ['List the red buoys.', "SELECT id FROM buoys WHERE colour = 'red'"],
    ],
    unused: ['messages (system)'],
  },
  'superset.csv': {
    pairs: [
      ['Ferries a day', 'SELECT day, count(*)\nFROM departures\nGROUP BY day'],
      ['Late ferries', 'SELECT * FROM departures WHERE minutes_late > 10'],
    ],
    unused: ['id', 'database', 'schema', 'changed on'],
    delimiter: ',',
  },
  'psql-copy.csv': {
    pairs: [
      ['How many nets, in all?', 'SELECT count(*) FROM nets WHERE owner = "Ola"'],
      ['Any holes?', 'SELECT bool_or(torn) FROM nets'],
    ],
    unused: [],
    delimiter: ',',
  },
  // A first line `sep=;`, CR LF, a byte of another language, an empty last row.
  'excel-german.csv': {
    pairs: [
      ['Wie viele Fischkutter; große und kleine?', 'SELECT count(*) FROM kutter'],
      ['Welche Häfen?', 'SELECT name\nFROM haefen'],
    ],
    unused: ['Frage-ID'],
    delimiter: ';',
  },
  'bigquery.jsonl': {
    pairs: [
      ['How many containers arrived?', 'SELECT COUNT(*) FROM `harbour.arrivals`'],
      ['Heaviest container?', 'SELECT MAX(kg) FROM `harbour.containers`'],
    ],
    unused: ['rows'],
  },
  // Lines end with CR alone.
  'mac.tsv': {
    pairs: [
      ['How deep is the basin?', 'SELECT max(depth) FROM basin'],
      ['How wide?', 'SELECT max(width) FROM basin'],
    ],
    unused: ['note'],
    delimiter: '\t',
  },
  'pipes.txt': {
    pairs: [['How many gulls?', 'SELECT count(*) FROM gulls']],
    unused: [],
    delimiter: '|',
  },
};

describe('a file as people have it gives its pairs, and names the columns that were not used', () => {
  test.each(Object.entries(files))('%s', async (name, { pairs, unused, skipped = [], delimiter = null }) => {
    const { records, report } = await read(name);
    expect(records.map(({ record }) => [record.prompt_text, record.sql])).toEqual(pairs);
    expect(report.unused).toEqual(unused);
    expect(report.skipped.map(({ count }) => count)).toEqual(skipped);
    expect(report.delimiter).toBe(delimiter);
  });
});

test('metadata of another export is kept', async () => {
  const { records } = await read('dataherald.json');
  expect(records.map(({ record }) => record.metadata)).toEqual([undefined, { team: 'pilotage' }]);
});

test('a set without any SQL text is refused with what to do, each row of it', async () => {
  await expect(read('wikisql.jsonl')).rejects.toMatchObject({
    count: 2,
    problems: [
      { index: 0, line: 1, field: 'sql', message: expect.stringContaining('"sql" holds a parsed tree') },
      { index: 1, line: 2, field: 'sql', message: expect.stringContaining('write it out as text') },
    ],
  });
});

test('where either of two columns may be the question, it is asked which', async () => {
  const bytes = () => createReadStream(new URL('fixtures/files/alpaca.json', import.meta.url));
  await expect(readFile(bytes())).rejects.toThrow('"input" and "instruction" both hold a text');
  const { records, report } = await readFile(bytes(), { prompt_column: 'Input' });
  expect(records.map(({ record }) => record.prompt_text)).toEqual(['How many ferries run on Sunday?']);
  expect(report.unused).toEqual(['instruction']);
});
