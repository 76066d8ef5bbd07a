// A run's metadata, whose size is bounded however often a cancel adds to it.

type Metadata = Record<string, string>;

/** As many as the provider takes itself. */
export const MOST_KEYS = 16;

/** The run's own, with what a cancel gives merged over it; null where that would be too much, and nothing is added. */
export function merged(own: Metadata | null, given: Metadata): Metadata | null {
  const both = { ...own, ...given };
  return Object.keys(both).length <= MOST_KEYS ? both : null;
}
