// The keys of an organization, for who may manage them: made, listed, replaced with an overlap, revoked.
import { demand } from '../finetuning/admission.ts';
import type { Clock } from '../finetuning/dependencies.ts';
import { invalid, notFound } from '../finetuning/errors.ts';
import { type ApiKey, type Keys, type NewKey, type ShownKey, standingOf } from '../finetuning/keys.ts';
import { newId } from '../finetuning/object-id.ts';
import { actorOf, type Principal } from '../finetuning/principal.ts';
import type { KeyStore } from './key-store.ts';
import { newKeyText } from './key-text.ts';

/** @param forget told once a key opens less than it did */
export function keysFor(store: KeyStore, clock: Clock, forget: () => void, principal: Principal): Keys {
  const { organization_id } = principal;
  const by = actorOf(principal);

  function made({ name, scopes, expires_at }: NewKey, now: string): { key: ApiKey; digest: string; text: string } {
    // Who manages keys has `admin`, which is all there is; should others do so one day, none makes more of itself.
    demand(principal, scopes);
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

  const shown = (key: ApiKey): ShownKey => ({ ...key, standing: standingOf(key, clock()) });

  return {
    async create(given) {
      const { key, digest, text } = made(given, clock());
      await store.insert(key, digest, by);
      return { ...shown(key), key: text };
    },

    list: async (page) => (await store.list(organization_id, page)).map(shown),

    async rotate(id, overlap_ms) {
      const now = clock();
      const old = await known(id);
      refuseOver(old, now);
      const { key, digest, text } = made({ ...old, expires_at: asLong(old, now) }, now);
      const until = later(now, overlap_ms);
      const replaced = await store.replace(id, key, digest, until, now, by);
      if (!replaced) {
        // Somebody else was at it in between.
        refuseOver(await known(id), now);
        throw notFound('API key', id);
      }
      forget();
      return { made: { ...shown(key), key: text }, replaced: shown(replaced) };
    },

    async revoke(id) {
      const revoked = await store.revoke(organization_id, id, clock(), by);
      if (!revoked) throw notFound('API key', id);
      forget();
      return shown(revoked);
    },
  };
}

const later = (time: string, ms: number): string => new Date(Date.parse(time) + ms).toISOString();

const asLong = ({ created_at, expires_at }: ApiKey, now: string): string | null =>
  expires_at === null ? null : later(now, Date.parse(expires_at) - Date.parse(created_at));

/** @throws DomainError where it opens nothing any more, or has a successor. */
function refuseOver(key: ApiKey, now: string): void {
  const why = over(key, now);
  if (why) throw invalid(['path', 'id'], `The API key "${key.name}" ${why}.`);
}

function over(key: ApiKey, now: string): string | null {
  if (key.replaced_by !== null) return `was replaced before, by ${key.replaced_by}`;
  const standing = standingOf(key, now);
  if (standing === 'valid') return null;
  return standing === 'revoked' ? 'was revoked; make another one' : 'has expired; make another one';
}
