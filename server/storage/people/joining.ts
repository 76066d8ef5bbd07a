// How people come in: by an invitation, which opens once, or by the word of a provider.
import { and, asc, eq, getTableColumns, gt, inArray, isNull } from 'drizzle-orm';
import { organizations } from '../../../drizzle/access.ts';
import { invitations, members, people, signInAccounts } from '../../../drizzle/people.ts';
import type { PeopleStore } from '../../access/people/people-store.ts';
import { newId } from '../../finetuning/object-id.ts';
import type { Role } from '../../finetuning/people.ts';
import type { Database } from '../database.ts';
import { hasAdministrator, lockOrganization } from './organizations.ts';

type Joining = Pick<PeopleStore, 'invitation' | 'join' | 'joinAs' | 'isInvited' | 'admit' | 'isKnownAt'>;

/** What is read of an invitation, without its digest and what became of it. */
export const shownInvitation = (() => {
  const { id, email, role, created_by, created_at, expires_at } = getTableColumns(invitations);
  return { id, email, role, created_by, created_at, expires_at };
})();

export const isOpen = (now: string) =>
  and(isNull(invitations.accepted_at), isNull(invitations.revoked_at), gt(invitations.expires_at, now));

export function joining(db: Database): Joining {
  /** One that opens: what is for whoever has the link does as long as the organization has no administrator. */
  async function open(tx: Database, digest: string, now: string) {
    const [found] = await tx
      .select({ ...shownInvitation, organization_id: invitations.organization_id, organization: organizations.name })
      .from(invitations)
      .innerJoin(organizations, eq(organizations.id, invitations.organization_id))
      .where(and(eq(invitations.digest, digest), isOpen(now)));
    if (!found) return null;
    if (found.email === null && (await hasAdministrator(tx, found.organization_id))) return null;
    return found;
  }

  /** Looked up again behind the lock: of two who open it at once the second one finds it over. */
  async function openAlone(tx: Database, digest: string, now: string) {
    const before = await open(tx, digest, now);
    if (!before) return null;
    await lockOrganization(tx, before.organization_id);
    // Nobody takes it back meanwhile.
    await tx.select({ id: invitations.id }).from(invitations).where(eq(invitations.id, before.id)).for('update');
    return open(tx, digest, now);
  }

  const accept = (tx: Database, id: string, now: string) =>
    tx.update(invitations).set({ accepted_at: now }).where(eq(invitations.id, id));

  async function makeMember(tx: Database, organization_id: string, person_id: string, role: Role, now: string) {
    await tx
      .insert(members)
      .values({ id: newId(), organization_id, person_id, role, created_at: now })
      .onConflictDoNothing();
  }

  return {
    async invitation(digest, now) {
      const found = await open(db, digest, now);
      if (!found) return null;
      const known =
        found.email === null
          ? []
          : await db.select({ id: people.id }).from(people).where(eq(people.email, found.email));
      return { ...found, isOfKnown: known.length > 0 };
    },

    join: (digest, { id, account_id, name, email, password }, now) =>
      db.transaction(async (tx) => {
        const invitation = await openAlone(tx, digest, now);
        if (!invitation) return 'over';
        const at = new Date(now);
        const made = await tx
          .insert(people)
          .values({
            id,
            name,
            email: invitation.email ?? email,
            // Who has the link of the first start has the machine, and says who they are.
            email_verified: invitation.email === null,
            created_at: at,
            updated_at: at,
          })
          .onConflictDoNothing({ target: people.email })
          .returning({ id: people.id });
        if (made.length === 0) return 'known';
        await tx.insert(signInAccounts).values({
          id: account_id,
          person_id: id,
          provider_id: 'credential',
          account_id: id,
          password,
          created_at: at,
          updated_at: at,
        });
        await makeMember(tx, invitation.organization_id, id, invitation.role, now);
        await accept(tx, invitation.id, now);
        return 'joined';
      }),

    joinAs: (digest, person_id, now) =>
      db.transaction(async (tx) => {
        const invitation = await openAlone(tx, digest, now);
        // Nobody else removes them meanwhile.
        const [person] = await tx.select().from(people).where(eq(people.id, person_id)).for('key share');
        if (!invitation || !person || invitation.email !== person.email) return 'over';
        await makeMember(tx, invitation.organization_id, person_id, invitation.role, now);
        await accept(tx, invitation.id, now);
        return 'joined';
      }),

    async isInvited(email, now) {
      const found = await db
        .select({ id: invitations.id })
        .from(invitations)
        .where(and(eq(invitations.email, email), isOpen(now)))
        .limit(1);
      return found.length > 0;
    },

    async isKnownAt(issuer, person_id) {
      const accounts = await db
        .select({ account_id: signInAccounts.account_id })
        .from(signInAccounts)
        .where(eq(signInAccounts.person_id, person_id));
      return accounts.some(({ account_id }) => account_id.startsWith(`${issuer} `));
    },

    admit: (person_id, unasked, now) =>
      db.transaction(async (tx) => {
        const isMember = async () => {
          const found = await tx
            .select({ id: members.id })
            .from(members)
            .where(eq(members.person_id, person_id))
            .limit(1);
          return found.length > 0;
        };
        if (await isMember()) return true;
        const [person] = await tx.select().from(people).where(eq(people.id, person_id)).for('key share');
        if (!person?.email_verified) return false;
        const open = await tx
          .select({ ...shownInvitation, organization_id: invitations.organization_id })
          .from(invitations)
          .where(and(eq(invitations.email, person.email), isOpen(now)))
          .orderBy(asc(invitations.id))
          .for('update');
        for (const { organization_id, role } of open) await makeMember(tx, organization_id, person_id, role, now);
        const ids = open.map(({ id }) => id);
        if (ids.length > 0) await tx.update(invitations).set({ accepted_at: now }).where(inArray(invitations.id, ids));
        const given = ids.length > 0 ? null : unasked(person.email);
        if (given) await makeMember(tx, given.organization_id, person_id, given.role, now);
        return isMember();
      }),
  };
}
