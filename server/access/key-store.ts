// What is asked of the database about keys. Each method is one transaction, and rejects with `Unavailable` where it cannot be had.
// What changes something for `by` is in the audit with it.

import type { ApiKey } from '../finetuning/keys.ts';
import type { Actor } from '../finetuning/lifecycle/actor.ts';
import type { Page } from '../finetuning/paging.ts';

export type KeyStore = {
  insert(key: ApiKey, digest: string, by: Actor): Promise<void>;
  /** Of whichever organization: the digest is what proves who asks. */
  byDigest(digest: string): Promise<ApiKey | null>;
  find(organization_id: string, id: string): Promise<ApiKey | null>;
  /** Newest first, those that open nothing any more too. */
  list(organization_id: string, page: Page): Promise<ApiKey[]>;
  /** The first time is kept. Null: there is no such key. */
  revoke(organization_id: string, id: string, now: string, by: Actor): Promise<ApiKey | null>;
  /**
   * Stores the successor of a key, which is itself valid until then, or as long as it was to be, if that is less.
   * @returns the key that is replaced; null where it is not valid now, or was replaced before: nothing is stored
   */
  replace(id: string, successor: ApiKey, digest: string, until: string, now: string, by: Actor): Promise<ApiKey | null>;
  /** It was used at this time. */
  used(id: string, now: string): Promise<void>;
};
