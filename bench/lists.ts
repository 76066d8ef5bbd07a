// Lists of runs as filters meet them: each with many that match, with a handful, and with none.
import type { Answer } from './http-load.ts';
import { requestOf } from './http-load.ts';
import type { Contender } from './interleaved.ts';
import { CONNECTION, idOf, type Kinds } from './rows.ts';

const COMMON_MODEL = 'gpt-4.1-mini-2025-04-14';
const OTHER_MODEL = 'gpt-4.1-2025-04-14';
const RARE_MODEL = 'gpt-4.1-nano-2025-04-14';
const OTHER_CONNECTION = '650000000000000000000002';
const RARE_CONNECTION = '650000000000000000000003';

const PAGE = 100;
/** Less than a page, from all over the table. */
const FEW = 17;

/**
 * Of four runs three have succeeded, and one, on another model, has failed; one of the three is on another connection. A
 * few are queued, on a rare model and a rare connection.
 */
export function kindsOf(rows: number): Kinds {
  const isRare = `number % ${Math.floor(rows / FEW)} = 0 AND number < ${FEW * Math.floor(rows / FEW)}`;
  const of = (rare: string, fourth: number, other: string, usual: string) =>
    `CASE WHEN ${isRare} THEN '${rare}' WHEN number % 4 = ${fourth} THEN '${other}' ELSE '${usual}' END`;
  return {
    status: of('queued', 3, 'failed', 'succeeded'),
    model_name: of(RARE_MODEL, 3, OTHER_MODEL, COMMON_MODEL),
    db_connection_id: of(RARE_CONNECTION, 2, OTHER_CONNECTION, CONNECTION),
    golden_records: '17',
    events: false,
  };
}

/** A page that is asked for. */
export type Case = { name: string; query: Record<string, string>; holds: number };

export const firstPage: Case = { name: 'page 1', query: {}, holds: PAGE };

/** Of the unfiltered list; where it has fewer pages, the last. */
export function distantPage(rows: number): Case {
  const number = Math.min(10_000, Math.floor(rows / PAGE));
  const after = idOf(rows - PAGE * (number - 1));
  return { name: `page ${number.toLocaleString('en-US')}`, query: { after }, holds: PAGE };
}

/** The first page of each, and of those with many one from far back. */
export function filteredPages(rows: number): Case[] {
  // Half of the runs match all three, and a page is left of them.
  const far = idOf(Math.max(Math.floor(rows / 10), 4 * PAGE));
  const many: Case[] = [
    { name: 'status, many', query: { status: 'succeeded' }, holds: PAGE },
    { name: 'model, many', query: { model: COMMON_MODEL }, holds: PAGE },
    { name: 'connection, many', query: { db_connection_id: CONNECTION }, holds: PAGE },
    {
      name: 'all three, many',
      query: { status: 'succeeded', model: COMMON_MODEL, db_connection_id: CONNECTION },
      holds: PAGE,
    },
  ];
  return [
    ...many,
    ...many.map(({ name, query, holds }) => ({ name: `${name}, far back`, query: { ...query, after: far }, holds })),
    { name: 'status, few', query: { status: 'queued' }, holds: FEW },
    { name: 'model, few', query: { model: RARE_MODEL }, holds: FEW },
    { name: 'connection, few', query: { db_connection_id: RARE_CONNECTION }, holds: FEW },
    { name: 'status, none', query: { status: 'running' }, holds: 0 },
    { name: 'model, none', query: { model: 'gpt-4o-2024-08-06' }, holds: 0 },
    { name: 'connection, none', query: { db_connection_id: '650000000000000000000004' }, holds: 0 },
    // Of each many, of both none.
    { name: 'status and model, none', query: { status: 'succeeded', model: OTHER_MODEL }, holds: 0 },
    { name: 'connection and model, none', query: { db_connection_id: OTHER_CONNECTION, model: OTHER_MODEL }, holds: 0 },
  ];
}

/** Over REST, as the bare handler is asked too. */
export function overRest(name: string, url: string, { query, holds }: Case): Contender {
  const request = requestOf('GET', `/api/v1/finetunings?${new URLSearchParams({ limit: String(PAGE), ...query })}`);
  return { name, url, request: () => request, isRight: hasAll(holds) };
}

export function overTrpc(name: string, url: string, { query, holds }: Case): Contender {
  const input = encodeURIComponent(JSON.stringify({ limit: PAGE, ...query }));
  const request = requestOf('GET', `/trpc/finetunings.list?input=${input}`);
  return { name, url, request: () => request, isRight: hasAll(holds) };
}

/** As many runs as it should, and no more. */
const hasAll =
  (count: number) =>
  ({ status, text }: Answer) =>
    status === 200 && text.split('"db_connection_id":').length === count + 1;
