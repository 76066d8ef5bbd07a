// A key for tests of those that look keys up, and a store that holds some.

import { newKeyText } from '../../server/access/key-text.ts';
import type { ApiKey } from '../../server/finetuning/keys.ts';

export const ORGANIZATION = 'a'.repeat(24);

export const keyRow = (change: Partial<ApiKey> = {}): ApiKey => ({
  id: 'b'.repeat(24),
  organization_id: ORGANIZATION,
  name: 'ci',
  scopes: ['read', 'cancel'],
  hint: 'goldtune_abcd',
  created_by: 'admin',
  created_at: '2026-01-01T00:00:00.000Z',
  expires_at: null,
  last_used_at: null,
  revoked_at: null,
  replaced_by: null,
  ...change,
});

/** A store of one key that can be asked and changed, and says how often it was. */
export function storeOfOne(change: Partial<ApiKey> = {}) {
  const { text, digest, hint } = newKeyText();
  const held = { key: keyRow({ ...change, hint }) };
  const asked: string[] = [];
  const used: string[] = [];
  return {
    text,
    held,
    asked,
    used,
    store: {
      async byDigest(given: string) {
        asked.push(given);
        return given === digest ? held.key : null;
      },
      async used(_id: string, now: string) {
        used.push(now);
      },
    },
  };
}
