// Lists a page at a time: the options all of them have, and what to ask for next.
import type { Command } from 'commander';
import { wholeNumber } from './option-values.ts';
import type { Session } from './session.ts';

export type Page = { limit: number; after?: string };

export const paged = (command: Command): Command =>
  command
    .option('--limit <number>', 'how many at most, 1 to 1000', wholeNumber, 100)
    .option('--after <id>', 'the id the last page ended with');

export function hintAtMore(session: Session, page: Page, found: readonly { id: string }[]): void {
  const last = found.at(-1);
  if (last && found.length === page.limit) session.hint(`There may be more: --after ${last.id}`);
}
