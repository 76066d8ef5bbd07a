// OpenAI's cursor paging over a list that is at hand.
import { missing, refuse } from './errors.ts';

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

export function pageOf<T extends { id: string }>(items: readonly T[], { limit, after }: PageQuery) {
  const start = after === null ? 0 : items.findIndex((item) => item.id === after) + 1;
  if (after !== null && start === 0) throw missing(`No such object: ${after}`, 'after');
  const data = items.slice(start, start + limit);
  return {
    object: 'list' as const,
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: start + data.length < items.length,
  };
}
