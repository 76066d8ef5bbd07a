// How much a page of a list holds: as many as were asked for, and no more bytes than one answer should take.

/** About as many as are sent; what JSON adds, quotes and names of fields, comes on top. */
const MOST_BYTES = 1024 * 1024;

/** Of a page that is asked for by its number, whose place depends on how many each one before it holds. */
export const MOST_NUMBERED_BYTES = 8 * MOST_BYTES;

/** As many of the first as a page holds; one in any case, however large. */
export function fitting<T extends { bytes: number }>(items: readonly T[], most = MOST_BYTES): T[] {
  let bytes = 0;
  const end = items.findIndex((item, index) => {
    bytes += item.bytes;
    return bytes > most && index > 0;
  });
  return end === -1 ? [...items] : items.slice(0, end);
}
