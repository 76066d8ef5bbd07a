// Keyset paging: the body stays a bare array, the next page is a Link header.
import { z } from 'zod';

export const linkHeader = z.object({
  Link: z.string().optional().meta({
    description:
      'The next page, as `rel="next"`, relative to the address of this one; none where this page is the last.',
    example: '<?limit=100&after=656777c9eb4e22533dc43fce>; rel="next"',
  }),
});

/** Relative: under a path that a proxy adds, it leads there too. No header where this page was not full, and so the last. */
export function nextLink(
  query: Record<string, string | number | undefined>,
  items: readonly { id: string }[],
  limit: number,
): Record<string, string> {
  const last = items.at(-1);
  if (!last || items.length < limit) return {};
  const next = new URLSearchParams();
  for (const [key, value] of Object.entries({ ...query, after: last.id })) {
    if (value !== undefined) next.set(key, String(value));
  }
  return { link: `<?${next}>; rel="next"` };
}
