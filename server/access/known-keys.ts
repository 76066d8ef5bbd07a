// Keys that were looked up a moment ago: not each request waits for the database to say once more whose key it brings.
import type { ApiKey } from '../finetuning/keys.ts';

/** So long may a key that another process has revoked still open. */
export const FRESH_MS = 5000;
const MOST = 10_000;

export type KnownKeys = {
  /** @throws whatever `find` rejects with, and remembers nothing then */
  get(digest: string, from: string): Promise<ApiKey | null>;
  /** What is known may be wrong from now on, of look-ups that are under way too. */
  forget(): void;
};

/**
 * @param find is told from where it is asked for, and whether nothing was known of it before
 * @param monotonic milliseconds, for how old an answer is
 */
export function knownKeys(
  find: (digest: string, from: string, isNew: boolean) => Promise<ApiKey | null>,
  monotonic: () => number,
): KnownKeys {
  type Asked = { asked_at: number; found: Promise<ApiKey | null> };
  const known = new Map<string, Asked>();
  const stale = (asked: Asked) => {
    asked.asked_at = Number.NEGATIVE_INFINITY;
  };

  return {
    async get(digest, from) {
      const before = known.get(digest);
      if (before && monotonic() - before.asked_at < FRESH_MS) return before.found;
      const asked = { asked_at: monotonic(), found: find(digest, from, !before) };
      known.delete(digest);
      known.set(digest, asked);
      const [oldest] = known.keys();
      if (known.size > MOST && oldest !== undefined) known.delete(oldest);
      // What is made up fills no memory, and a key that is made in a moment is known from then on.
      const key = await asked.found.catch(() => undefined);
      if (known.get(digest) !== asked) return asked.found;
      // What could not be asked for stays known for a key, to be asked for again.
      if (key === undefined && before) stale(asked);
      else if (!key) known.delete(digest);
      return asked.found;
    },
    forget: () => known.forEach(stale),
  };
}
