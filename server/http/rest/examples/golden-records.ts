// Example golden records: as JSON, as a file, and as they are answered.
import type { z } from 'zod';
import type { goldenRecord, NewGoldenRecord } from '../../../finetuning/contract/golden-records.ts';

const db_connection_id = '65676b2feb4e22533dc43fb1';
const overdue = {
  prompt_text: 'How many books are overdue?',
  sql: 'SELECT count(*) FROM loans WHERE due_on < now()',
};
const titles = { prompt_text: 'Which titles does the library hold?', sql: 'SELECT DISTINCT title FROM books' };

const given: NewGoldenRecord[] = [{ ...overdue, db_connection_id, metadata: { source: 'tickets' } }];

const stored: z.infer<typeof goldenRecord> = {
  id: '656777c9eb4e22533dc43fce',
  ...overdue,
  db_connection_id,
  metadata: { source: 'tickets' },
  warnings: [],
  created_at: '2026-11-20T17:30:01.004Z',
  deleted_at: null,
};

const unread: z.infer<typeof goldenRecord> = {
  ...stored,
  id: '656777ceeb4e22533dc43fcf',
  sql: 'SELECT count(*) FORM loans',
  warnings: ['syntax error at or near "FORM"'],
};

export const examplesOfAdd = { one: { summary: 'One record', value: given } };
export const added = { summary: 'As it was stored', value: [stored] };
export const flagged = { summary: 'With SQL that the parser could not read', value: [unread] };
export const record = { summary: 'The record', value: stored };
export const hidden = {
  summary: 'One that was deleted',
  value: { ...stored, deleted_at: '2026-11-21T09:14:30.250Z' },
};
export const recordPage = { summary: 'One record', value: [stored] };

export const csv = {
  summary: 'Two records',
  value: `prompt_text,sql\n${[overdue, titles].map(({ prompt_text, sql }) => `"${prompt_text}","${sql}"`).join('\n')}\n`,
};
export const jsonl = {
  summary: 'Two records',
  value: `${[overdue, titles].map((record) => JSON.stringify(record)).join('\n')}\n`,
};
export const form = { summary: 'A CSV file', value: { db_connection_id, file: csv.value } };
