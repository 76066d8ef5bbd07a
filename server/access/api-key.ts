// A key of an organization as it is kept: all but what opens. And how it stands with it at a moment.
import type { Scope } from '../finetuning/principal.ts';

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

export type Standing = 'valid' | 'expired' | 'revoked';

export function standingOf({ expires_at, revoked_at }: ApiKey, now: string): Standing {
  if (revoked_at !== null) return 'revoked';
  return expires_at !== null && Date.parse(expires_at) <= Date.parse(now) ? 'expired' : 'valid';
}
