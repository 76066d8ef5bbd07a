// Keys of an organization: what is known of one, how it stands with it at a moment, and what can be asked of whoever keeps them.

import type { Page } from './paging.ts';
import type { Scope } from './principal.ts';

/** As it is kept: all but what opens. */
export type ApiKey = {
  id: string;
  organization_id: string;
  name: string;
  scopes: readonly Scope[];
  /** How its text begins, to know it again. */
  hint: string;
  /** The name of who made it. */
  created_by: string;
  created_at: string;
  /** Null: never. */
  expires_at: string | null;
  /** To the minute; null: never. */
  last_used_at: string | null;
  revoked_at: string | null;
  /** The key that was made in its place. */
  replaced_by: string | null;
};

export type NewKey = { name: string; scopes: readonly Scope[]; expires_at: string | null };

/** As it is shown: with how it stands with it just now. */
export type ShownKey = ApiKey & { standing: Standing };

/** With its text, which nobody can read a second time. */
export type MadeKey = ShownKey & { key: string };

/** Of one organization, for who may manage them. */
export type Keys = {
  create(given: NewKey): Promise<MadeKey>;
  /** Newest first, those that open nothing any more too. */
  list(page: Page): Promise<ShownKey[]>;
  /**
   * Makes a key that opens the same for as long, and lets the old one open beside it for a while.
   * @param overlap_ms 0: the old one opens nothing from now on
   */
  rotate(id: string, overlap_ms: number): Promise<{ made: MadeKey; replaced: ShownKey }>;
  /** Asking twice is asking once. */
  revoke(id: string): Promise<ShownKey>;
};

export const standings = ['valid', 'expired', 'revoked'] as const;
export type Standing = (typeof standings)[number];

export function standingOf(
  { expires_at, revoked_at }: Pick<ApiKey, 'expires_at' | 'revoked_at'>,
  now: string,
): Standing {
  if (revoked_at !== null) return 'revoked';
  return expires_at !== null && Date.parse(expires_at) <= Date.parse(now) ? 'expired' : 'valid';
}
