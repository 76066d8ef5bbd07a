// Example bulk cancels. A test parses each by the schema it stands for.
import type { z } from 'zod';
import type { bulkCancel, bulkCancelPreview, bulkRun } from '../../../finetuning/contract/bulk-cancels.ts';

const connection = '65676b2feb4e22533dc43fb1';
const run = {
  id: '6579eb79eb4e22533dc43fe0',
  alias: 'my_model',
  status: 'running',
  model_name: 'gpt-4.1-mini',
  db_connection_id: connection,
};
const none = { count: 0, is_more: false, runs: [] };
const as_of = '2026-11-20T17:41:48.310Z';
const reason = "trained on last week's schema";

const value: z.infer<typeof bulkCancel> = {
  id: '6b0d1d1114bbfd7ccf191971',
  state: 'stopping',
  all: false,
  where: { db_connection_id: connection },
  as_of,
  reason,
  requested_by: 'on call',
  created_at: '2026-11-20T17:42:02.640Z',
  stored_at: '2026-11-20T17:42:02.701Z',
  runs: 12,
  counts: { storing: 0, stopping: 8, cancelled: 3, too_late: 1, deleted: 0, unknown: 0, unreadable: 0 },
};
const counts = { ...value.counts, stopping: 0, cancelled: 11 };
const preview: z.infer<typeof bulkCancelPreview> = {
  dry_run: true,
  as_of,
  to_cancel: { count: 1, is_more: false, runs: [run] },
  already_stopping: none,
  past_stopping: none,
};
const outcomes: z.infer<typeof bulkRun>[] = [
  { ...run, status: 'cancelled', outcome: 'cancelled' },
  {
    ...{ id: '6579eb79eb4e22533dc43fdf', outcome: 'unknown' as const },
    ...{ alias: null, status: null, model_name: null, db_connection_id: null },
  },
];

export const examplesOfBulkCancel = {
  preview: { summary: 'What would be stopped', value: { where: { db_connection_id: connection }, dry_run: true } },
  matching: { summary: 'What the preview showed', value: { where: { db_connection_id: connection }, as_of, reason } },
  named: { summary: 'These and no others', value: { ids: [run.id], reason } },
  all: { summary: 'All runs of the organization', value: { all: true } },
};
export const previewed = { summary: 'One run would be stopped', value: preview };
export const begun = { summary: 'Each run has the wish', value };
export const ended = { summary: 'All are at rest', value: { ...value, state: 'done' as const, counts } };
export const bulkPage = { summary: 'One bulk cancel', value: [value] };
export const runPage = { summary: 'One was stopped, the other is no run', value: outcomes };
