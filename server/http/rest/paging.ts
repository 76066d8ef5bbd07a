// Keyset paging: the body stays a bare array, the next page is a Link header.

/** No header where this page was not full, and so the last. */
export function nextLink(
  path: string,
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
  return { link: `<${path}?${next}>; rel="next"` };
}
