// `goldtune bulk-cancels …`: what was stopped together, how far that is, and what has become of each run.
import type { Command } from 'commander';
import { explainIn, usual } from '../help.ts';
import { hintAtMore, type Page, paged } from '../paging.ts';
import { openSession } from '../session.ts';
import { bulkTable, bulkText, outcomeTable } from './bulk-text.ts';

export function addBulkCancels(program: Command): void {
  const bulkCancels = explainIn(
    program.command('bulk-cancels').description('runs that were stopped together, by `finetunings cancel --where`'),
    ['goldtune bulk-cancels list'],
  );

  const list = bulkCancels.command('list').description('list bulk cancels, newest first');
  paged(list).action(async (page: Page, command: Command) => {
    const session = openSession(command);
    const { query } = session.goldtune.bulkCancels.list;
    const found = await query(page);
    session.show(found, () => bulkTable(found, session.width));
    await hintAtMore(session, found, query);
  });
  explainIn(list, ['goldtune bulk-cancels list --json | jq -r ".[] | [.id, .state] | @tsv"'], usual);

  const get = bulkCancels
    .command('get')
    .description('how far a bulk cancel is')
    .argument('<id>', 'of the bulk cancel')
    .action(async (id: string, _options: object, command: Command) => {
      const { goldtune, show } = openSession(command);
      const found = await goldtune.bulkCancels.get.query({ id });
      show(found, () => bulkText(found));
    });
  explainIn(get, ['goldtune bulk-cancels get 6b0d1d1114bbfd7ccf191971'], usual);

  const runs = bulkCancels
    .command('runs')
    .description('what has become of each of its runs, newest first')
    .argument('<id>', 'of the bulk cancel');
  paged(runs).action(async (id: string, page: Page, command: Command) => {
    const session = openSession(command);
    const next = (more: Page) => session.goldtune.bulkCancels.runs.query({ ...more, id });
    const found = await next(page);
    session.show(found, () => outcomeTable(found, session.width));
    await hintAtMore(session, found, next);
  });
  explainIn(
    runs,
    ['goldtune bulk-cancels runs 6b0d1d1114bbfd7ccf191971 --json | jq -r \'.[] | select(.outcome == "stopping").id\''],
    usual,
  );
}
