// Bulk cancels in words for people. Pure.
import type { BulkCancel, BulkCancelPreview, BulkCancelRun } from '../../generated/router.ts';
import { table } from '../table.ts';
import { details, oneLine, timeColumn, timeText } from '../text.ts';

type Group = BulkCancelPreview['to_cancel'];

export function previewText({ to_cancel, already_stopping, past_stopping }: BulkCancelPreview, width: number | null) {
  const counts = details([
    ['would be stopped', many(to_cancel)],
    ['stopping already', many(already_stopping)],
    ['past stopping', many(past_stopping)],
  ]);
  if (to_cancel.count === 0) return counts;
  const shown = table(
    ['id', { name: 'alias', least: 6 }, 'status', { name: 'model', least: 8 }],
    to_cancel.runs.map((run) => [run.id, run.alias && oneLine(run.alias), run.status, oneLine(run.model_name)]),
    width,
  );
  const rest = to_cancel.count - to_cancel.runs.length;
  return [counts, '', shown, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n');
}

const many = ({ count, is_more }: Group) => (is_more ? `more than ${count}` : String(count));

const words: Record<keyof BulkCancel['counts'], string> = {
  cancelled: 'cancelled, proven',
  stopping: 'stopping',
  storing: 'still to be asked',
  too_late: 'too late, had ended',
  deleted: 'deleted since',
  unknown: 'no such run',
  unreadable: 'cannot be read',
};

export const bulkText = (bulk: BulkCancel): string =>
  details([
    ['id', bulk.id],
    ['state', bulk.state],
    ['for', chosenText(bulk)],
    ['reason', bulk.reason && oneLine(bulk.reason)],
    ['asked for by', oneLine(bulk.requested_by)],
    ['at', bulk.created_at],
    ['runs', String(bulk.runs)],
    ...Object.entries(words).flatMap(([name, text]): [string, string][] => {
      const count = Object.entries(bulk.counts).find(([outcome]) => outcome === name)?.[1] ?? 0;
      return count > 0 ? [[text, String(count)]] : [];
    }),
  ]);

const chosenText = ({ all, where }: BulkCancel): string => {
  if (all) return 'all runs';
  return where
    ? oneLine(
        Object.entries(where)
          .map((entry) => entry.join('='))
          .join(' '),
      )
    : 'named runs';
};

export const bulkTable = (found: readonly BulkCancel[], width: number | null): string =>
  table(
    ['id', 'state', { name: 'for', least: 10 }, 'runs', 'cancelled', 'stopping', timeColumn('asked', width)],
    found.map((bulk) => [
      ...[bulk.id, bulk.state, chosenText(bulk), bulk.runs, bulk.counts.cancelled],
      ...[bulk.counts.stopping + bulk.counts.storing, timeText(bulk.created_at, width)],
    ]),
    width,
  );

export const outcomeTable = (runs: readonly BulkCancelRun[], width: number | null): string =>
  table(
    ['id', 'outcome', { name: 'alias', least: 6 }, 'status', { name: 'model', least: 8 }],
    runs.map((run) => [
      ...[run.id, run.outcome, run.alias && oneLine(run.alias), run.status],
      run.model_name && oneLine(run.model_name),
    ]),
    width,
  );
