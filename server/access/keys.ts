// The keys of an organization, for who may manage them: made, listed, replaced with an overlap, revoked.
import type { Clock } from '../finetuning/dependencies.ts';
import { invalid, notFound } from '../finetuning/errors.ts';
import { newId } from '../finetuning/object-id.ts';
import type { Principal, Scope } from '../finetuning/principal.ts';
import type { Page } from '../finetuning/store.ts';
import { type ApiKey, standingOf } from './api-key.ts';
import type { KeyStore } from './key-store.ts';
import { newKeyText } from './key-text.ts';

/** With its text, which nobody can read a second time. */
export type MadeKey = ApiKey & { key: string };

export type NewKey = { name: string; scopes: readonly Scope[]; expires_at: string | null };

/** @param forget told once a key opens less than it did */
export function keysFor(store: KeyStore, clock: Clock, forget: () => void, principal: Principal) {
  const { organization_id } = principal;

  function made({ name, scopes, expires_at }: NewKey, now: string): { key: ApiKey; digest: string; text: string } {
    if (expires_at !== null && Date.parse(expires_at) <= Date.parse(now)) {
      throw invalid(['body', 'expires_at'], `${expires_at} is over; a key expires later than now.`);
    }
    const { text, digest, hint } = newKeyText();
    const key: ApiKey = {
      id: newId(),
      organization_id,
      name,
      scopes,
      hint,
      created_by: principal.name,
      created_at: now,
      expires_at,
      last_used_at: null,
      revoked_at: null,
      replaced_by: null,
    };
    return { key, digest, text };
  }

  const known = async (id: string): Promise<ApiKey> => {
    const key = await store.find(organization_id, id);
    if (!key) throw notFound('API key', id);
    return key;
  };

  return {
    async create(given: NewKey): Promise<MadeKey> {
      const { key, digest, text } = made(given, clock());
      await store.insert(key, digest);
      return { ...key, key: text };
    },

    list: (page: Page): Promise<ApiKey[]> => store.list(organization_id, page),

    /**
     * Makes a key that opens the same for as long, and lets the old one open beside it for a while.
     * @param overlap_ms 0: the old one opens nothing from now on
     */
    async rotate(id: string, overlap_ms: number): Promise<{ made: MadeKey; replaced: ApiKey }> {
      const now = clock();
      const old = await known(id);
      const { key, digest, text } = made({ ...old, expires_at: asLong(old, now) }, now);
      const until = later(now, overlap_ms);
      const replaced = await store.replace(id, key, digest, until, now);
      if (!replaced) throw invalid(['path', 'id'], `The API key "${old.name}" ${over(await known(id), now)}.`);
      forget();
      return { made: { ...key, key: text }, replaced };
    },

    /** Asking twice is asking once. */
    async revoke(id: string): Promise<ApiKey> {
      const revoked = await store.revoke(organization_id, id, clock());
      if (!revoked) throw notFound('API key', id);
      forget();
      return revoked;
    },
  };
}

const later = (time: string, ms: number): string => new Date(Date.parse(time) + ms).toISOString();

const asLong = ({ created_at, expires_at }: ApiKey, now: string): string | null =>
  expires_at === null ? null : later(now, Date.parse(expires_at) - Date.parse(created_at));

function over(key: ApiKey, now: string): string {
  if (key.replaced_by !== null) return `was replaced before, by ${key.replaced_by}`;
  return standingOf(key, now) === 'revoked' ? 'was revoked; make another one' : 'has expired; make another one';
}
