// The people of an organization, for who may manage them: invited, listed, given another role, removed.
import type { Clock } from '../../finetuning/dependencies.ts';
import { invalid, notFound } from '../../finetuning/errors.ts';
import { newId } from '../../finetuning/object-id.ts';
import type { Invitation, Me, Member, People, Role } from '../../finetuning/people.ts';
import type { Principal } from '../../finetuning/principal.ts';
import { linkTo, newToken } from './links.ts';
import type { Changed, PeopleStore } from './people-store.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
export const INVITATION_MS = 7 * DAY_MS;
/** Of the first administrator: another one is made at each start. */
const FIRST_MS = DAY_MS;

const NOT_SET_UP =
  'People are not set up here: set PUBLIC_URL to where browsers find this server, and SESSION_SECRET, and start it again.';

/** @param publicUrl null: people are not set up */
export function peopleFor(
  store: PeopleStore,
  clock: Clock,
  publicUrl: string | null,
  { organization_id, name }: Pick<Principal, 'organization_id' | 'name'>,
): People {
  return {
    list: (page) => store.list(organization_id, page),

    async invite({ email, role }) {
      if (publicUrl === null) throw invalid(['body'], NOT_SET_UP);
      const { token, digest } = newToken();
      const invitation = made({ email, role, created_by: name }, clock(), INVITATION_MS);
      if (!(await store.invite(organization_id, invitation, digest))) {
        throw invalid(['body', 'email'], `${email} is in this organization already; give them another role instead.`);
      }
      return { ...invitation, link: linkTo(publicUrl, 'invitation', token) };
    },

    setRole: async (id, role) => changed(id, await store.setRole(organization_id, id, role)),
    remove: async (id) => changed(id, await store.remove(organization_id, id)),

    invitations: (page) => store.invitations(organization_id, page, clock()),

    async revokeInvitation(id) {
      const revoked = await store.revokeInvitation(organization_id, id, clock());
      if (!revoked) throw notFound('Invitation', id);
      return revoked;
    },
  };
}

export async function meOf(
  store: Pick<PeopleStore, 'organization'>,
  { organization_id, who, id, name, scopes }: Principal,
): Promise<Me> {
  const organization = await store.organization(organization_id);
  return { who, id, name, scopes, organization: organization ?? { id: organization_id, name: organization_id } };
}

/**
 * The link that makes the first administrator of an organization, as long as it has none.
 * @returns null where it has one
 */
export async function firstAdministratorLink(
  store: PeopleStore,
  clock: Clock,
  publicUrl: string,
  organization_id: string,
): Promise<string | null> {
  if (await store.hasAdministrator(organization_id)) return null;
  const { token, digest } = newToken();
  const given = { email: null, role: 'admin', created_by: 'the start of the server' } as const;
  await store.invite(organization_id, made(given, clock(), FIRST_MS), digest);
  return linkTo(publicUrl, 'first-administrator', token);
}

function made(
  given: { email: string | null; role: Role; created_by: string },
  now: string,
  lasts_ms: number,
): Invitation {
  return { id: newId(), ...given, created_at: now, expires_at: new Date(Date.parse(now) + lasts_ms).toISOString() };
}

function changed(id: string, outcome: Changed): Member {
  if (outcome === 'unknown') throw notFound('Person', id);
  if (outcome === 'last') {
    throw invalid(['path', 'id'], 'This is the only administrator; make somebody else one first.');
  }
  return outcome;
}
