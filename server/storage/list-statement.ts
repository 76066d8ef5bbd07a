// The statement that reads a page of runs: which are on it, and of as many as fit what a list shows.
import type { Page } from '../finetuning/paging.ts';
import type { FinetuningFilter } from '../finetuning/store.ts';
import { bytesListed, listed } from './finetuning-rows.ts';
import { MOST_BYTES } from './page.ts';
import type { Statement } from './run-statement.ts';

/** Beyond all ids. */
const NEWEST = 'g';

const columns = Object.values(listed).map(({ name }) => `run."${name}"`);

/** One for each way to filter. */
export function listStatement(organization_id: string, filter: FinetuningFilter, page: Page) {
  const params: unknown[] = [organization_id, page.after ?? NEWEST, page.limit];
  const { db_connection_id, model_name, status } = filter;
  const wanted = Object.entries({ db_connection_id, model_name }).filter(([, value]) => value);
  const conditions = wanted.map(([column, value]) => `${column} = $${params.push(value)}`);
  const matching = ['organization_id = $1', 'deleted_at IS NULL', ...conditions].join(' AND ');
  const ids = status ? newest(matching, `$${params.push(status)}`) : newestOfAll(matching);
  const named = [...wanted.map(([column]) => column), ...(status ? ['status'] : [])];
  const statement: Statement = { name: ['list', ...named].join('_'), text: asFitting(ids) };
  return { statement, params };
}

/** From the index that has these filters, a status, and then the ids: whatever is not on the page is not read. */
const newest = (matching: string, status: string) => `
  SELECT id FROM finetunings WHERE ${matching} AND status = ${status} AND id COLLATE "C" < $2
  ORDER BY id COLLATE "C" DESC LIMIT $3`;

/** The statuses that there are, by one look at the index for each, and of each as many as the page may take. */
const newestOfAll = (matching: string) => `
  WITH RECURSIVE statuses (status) AS (
    (SELECT min(status) FROM finetunings WHERE ${matching})
    UNION ALL
    SELECT (SELECT min(status) FROM finetunings WHERE ${matching} AND status > statuses.status)
      FROM statuses WHERE statuses.status IS NOT NULL
  )
  SELECT newest.id FROM statuses, LATERAL (${newest(matching, 'statuses.status')}) AS newest
  ORDER BY newest.id COLLATE "C" DESC LIMIT $3`;

/**
 * Each row is looked up by its id, first for how large it is: as joins a planner may read the table for them. As many of
 * the first as a page holds; one in any case, however large.
 */
const asFitting = (ids: string) => `
  SELECT ${columns.join(', ')} FROM (
    SELECT id, row_number() OVER newest_first AS place, sum(bytes) OVER newest_first AS so_far
    FROM (SELECT id, (SELECT ${bytesListed} FROM finetunings AS run WHERE run.id = page.id) AS bytes FROM (${ids}) AS page) AS page
    WINDOW newest_first AS (ORDER BY id COLLATE "C" DESC)
  ) AS page, LATERAL (SELECT * FROM finetunings WHERE id = page.id OFFSET 0) AS run
  WHERE page.place = 1 OR page.so_far <= ${MOST_BYTES}
  ORDER BY page.id COLLATE "C" DESC`;
