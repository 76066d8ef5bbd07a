// Lists a page at a time: the options all of them have, and what to ask for next.
import type { Command } from 'commander';
import { wholeNumber } from './option-values.ts';
import type { Session } from './session.ts';

export type Page = { limit: number; after?: string };

export const paged = (command: Command): Command =>
  command
    .option('--limit <number>', 'how many at most, 1 to 1000', wholeNumber, 100)
    .option('--after <id>', 'the id the last page ended with');

/** A short page may have ended early, for want of space: whether there is more is asked. */
export async function hintAtMore<Id extends string | number>(
  session: Session,
  found: readonly { id: Id }[],
  next: (page: { after: Id; limit: number }) => Promise<readonly unknown[]>,
): Promise<void> {
  const last = found.at(-1);
  if (last && (await next({ after: last.id, limit: 1 })).length > 0) session.hint(`There is more: --after ${last.id}`);
}
