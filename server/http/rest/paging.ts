// Keyset paging: the body stays a bare array, the next page is a Link header.
import { z } from 'zod';

export const linkHeader = z.object({
  Link: z.string().optional().meta({
    description:
      'The next page, as `rel="next"`, relative to the address of this one; none where this page is the last, however long it is.',
    example: '<?limit=100&after=656777c9eb4e22533dc43fce>; rel="next"',
  }),
});

type Query = { limit: number; after?: string | number | undefined };

/**
 * Relative: under a path that a proxy adds, it leads there too. Whether a page was the last, its length does not tell:
 * it may have ended early, for want of space.
 */
export async function nextLink<Q extends Query>(
  query: Q,
  items: readonly { id: NonNullable<Q['after']> }[],
  list: (next: Q) => Promise<readonly unknown[]>,
): Promise<Record<string, string>> {
  const last = items.at(-1);
  if (!last) return {};
  const next = { ...query, after: last.id };
  if ((await list({ ...next, limit: 1 })).length === 0) return {};
  const address = new URLSearchParams();
  for (const [key, value] of Object.entries(next)) if (value !== undefined) address.set(key, String(value));
  return { link: `<?${address}>; rel="next"` };
}
