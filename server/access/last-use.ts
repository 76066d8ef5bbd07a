// When a key was last used: noted behind the request, once a minute, and no request fails for it.
import type { Clock, Log } from '../finetuning/dependencies.ts';
import type { ApiKey } from '../finetuning/keys.ts';
import type { KeyStore } from './key-store.ts';

const NOTED_EVERY_MS = 60_000;

export type LastUse = AsyncDisposable & { note(key: ApiKey): void };

export function openLastUse(store: Pick<KeyStore, 'used'>, clock: Clock, log: Log): LastUse {
  /** By the ids of keys: by this process, of which it may not have read again yet. */
  const noted = new Map<string, number>();
  const underWay = new Set<Promise<void>>();

  return {
    note({ id, last_used_at }) {
      const now = clock();
      const last = Math.max(noted.get(id) ?? 0, last_used_at === null ? 0 : Date.parse(last_used_at));
      if (Date.parse(now) - last < NOTED_EVERY_MS) return;
      noted.set(id, Date.parse(now));
      const noting = store
        .used(id, now)
        .catch((error: unknown) => log.warn({ err: error, key: id }, 'the last use of a key could not be noted'))
        .finally(() => underWay.delete(noting));
      underWay.add(noting);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(underWay);
    },
  };
}
