// A bulk cancel as it is shown.
import type { z } from 'zod';
import type { bulkCancel, bulkCancelPreview } from '../contract/bulk-cancels.ts';
import type { Counts, Group, Preview } from './bulk-cancel.ts';
import type { CountedBulk } from './bulk-cancels.ts';

export function viewBulkCancel(bulk: CountedBulk): z.infer<typeof bulkCancel> {
  const { organization_id: _, asked_by, chosen, counts, ...shown } = bulk;
  const { id, ...rest } = shown;
  const runs = Object.values(counts).reduce((sum, each) => sum + each, 0);
  return { id, state: stateOf(bulk.stored_at, counts), ...chosen, requested_by: asked_by.name, ...rest, runs, counts };
}

function stateOf(stored_at: string | null, { storing, unreadable, stopping }: Counts) {
  if (stored_at === null || storing + unreadable > 0) return 'storing';
  return stopping > 0 ? 'stopping' : 'done';
}

const viewGroup = ({ isMore, ...shown }: Group) => ({ ...shown, is_more: isMore });

export const viewPreview = (preview: Preview & { as_of: string }): z.infer<typeof bulkCancelPreview> => ({
  dry_run: true,
  as_of: preview.as_of,
  to_cancel: viewGroup(preview.to_cancel),
  already_stopping: viewGroup(preview.already_stopping),
  past_stopping: viewGroup(preview.past_stopping),
});
