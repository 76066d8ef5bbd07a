// OpenAI's cursor paging, over a list that is at hand and over one that is read as far as a page needs it.
import { missing, refuse } from './errors.ts';
import type { Soon, Span } from './served-ledger.ts';

export type PageQuery = { limit: number; after: string | null };

/** @throws SandboxError where the limit is not one. */
export function pageQuery(url: URL, standard: number, highest: number): PageQuery {
  const raw = url.searchParams.get('limit');
  const limit = raw === null ? standard : Number(raw);
  if (!Number.isInteger(limit) || limit < 1 || limit > highest) {
    throw refuse(`Invalid value for 'limit': expected a whole number from 1 to ${highest}.`, 'limit', 'invalid_value');
  }
  return { limit, after: url.searchParams.get('after') };
}

/** @param read what comes after an entry, in the order of the list */
export async function readPage<T extends { id: string }>(
  read: (span: Span) => Soon<T[] | null>,
  isWanted: (item: T) => boolean,
  { limit, after, ascending = false }: PageQuery & { ascending?: boolean },
) {
  const wanted: T[] = [];
  let last = after;
  for (let isOver = false; !isOver && wanted.length <= limit; ) {
    // One more than the page, to see whether there is any.
    const items = await read({ after: last, limit: limit + 1, ascending });
    if (items === null) throw missing(`No such object: ${last}`, 'after');
    wanted.push(...items.filter(isWanted));
    isOver = items.length <= limit;
    last = items.at(-1)?.id ?? last;
  }
  return page(wanted.slice(0, limit), wanted.length > limit);
}

export function pageOf<T extends { id: string }>(items: readonly T[], { limit, after }: PageQuery) {
  const start = after === null ? 0 : items.findIndex((item) => item.id === after) + 1;
  if (after !== null && start === 0) throw missing(`No such object: ${after}`, 'after');
  const data = items.slice(start, start + limit);
  return page(data, start + data.length < items.length);
}

const page = <T extends { id: string }>(data: T[], has_more: boolean) => ({
  object: 'list' as const,
  data,
  first_id: data[0]?.id ?? null,
  last_id: data.at(-1)?.id ?? null,
  has_more,
});
