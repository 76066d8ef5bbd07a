// Who is in an organization, for who may manage them. One change at a time, so that an administrator is left after each.
import { and, desc, eq, lt, sql } from 'drizzle-orm';
import { invitations, members, people } from '../../../drizzle/people.ts';
import type { PeopleStore } from '../../access/people/people-store.ts';
import type { Database } from '../database.ts';
import { listedId } from '../page.ts';
import { isOpen, shownInvitation } from './joining.ts';
import { administratorsOf, hasAdministrator, lockOrganization } from './organizations.ts';

type Managing = Pick<
  PeopleStore,
  'hasAdministrator' | 'list' | 'invite' | 'setRole' | 'remove' | 'invitations' | 'revokeInvitation'
>;

const columns = {
  id: people.id,
  name: people.name,
  email: people.email,
  role: members.role,
  created_at: members.created_at,
};

export function managing(db: Database): Managing {
  const one = (organization_id: string, id: string) =>
    and(eq(members.organization_id, organization_id), eq(members.person_id, id));

  /** The member, behind the lock; or why nothing is to be done: they are the last administrator, and would be none. */
  async function toChange(tx: Database, organization_id: string, id: string, staysAdmin: boolean) {
    await lockOrganization(tx, organization_id);
    const [member] = await tx
      .select(columns)
      .from(members)
      .innerJoin(people, eq(people.id, members.person_id))
      .where(one(organization_id, id));
    if (!member) return 'unknown';
    if (staysAdmin || member.role !== 'admin') return member;
    return (await administratorsOf(tx, organization_id)).length > 1 ? member : 'last';
  }

  return {
    hasAdministrator: (organization_id) => hasAdministrator(db, organization_id),

    list: (organization_id, { after, limit }) =>
      db
        .select(columns)
        .from(members)
        .innerJoin(people, eq(people.id, members.person_id))
        .where(
          and(
            eq(members.organization_id, organization_id),
            after === undefined ? undefined : lt(listedId(members.person_id), after),
          ),
        )
        .orderBy(desc(listedId(members.person_id)))
        .limit(limit),

    invite: (organization_id, invitation, digest) =>
      db.transaction(async (tx) => {
        await lockOrganization(tx, organization_id);
        const there = await tx
          .select({ id: members.id })
          .from(members)
          .innerJoin(people, eq(people.id, members.person_id))
          .where(and(eq(members.organization_id, organization_id), eq(people.email, invitation.email ?? '')));
        if (there.length > 0) return false;
        // Another link takes the place of the one before.
        if (invitation.email !== null) {
          await tx
            .update(invitations)
            .set({ revoked_at: invitation.created_at })
            .where(
              and(
                eq(invitations.organization_id, organization_id),
                eq(invitations.email, invitation.email),
                isOpen(invitation.created_at),
              ),
            );
        }
        await tx.insert(invitations).values({ ...invitation, organization_id, digest });
        return true;
      }),

    setRole: (organization_id, id, role) =>
      db.transaction(async (tx) => {
        const member = await toChange(tx, organization_id, id, role === 'admin');
        if (typeof member === 'string') return member;
        await tx.update(members).set({ role }).where(one(organization_id, id));
        return { ...member, role };
      }),

    remove: (organization_id, id) =>
      db.transaction(async (tx) => {
        const member = await toChange(tx, organization_id, id, false);
        if (typeof member === 'string') return member;
        await tx.delete(members).where(one(organization_id, id));
        // They may be joining another organization just now: that is waited for.
        await tx.select({ id: people.id }).from(people).where(eq(people.id, id)).for('update');
        const others = sql`exists (select from ${members} where ${members.person_id} = ${people.id})`;
        await tx.delete(people).where(and(eq(people.id, id), sql`not ${others}`));
        return member;
      }),

    invitations: (organization_id, { after, limit }, now) =>
      db
        .select(shownInvitation)
        .from(invitations)
        .where(
          and(
            eq(invitations.organization_id, organization_id),
            isOpen(now),
            after === undefined ? undefined : lt(listedId(invitations.id), after),
          ),
        )
        .orderBy(desc(listedId(invitations.id)))
        .limit(limit),

    async revokeInvitation(organization_id, id, now) {
      const [revoked] = await db
        .update(invitations)
        .set({ revoked_at: now })
        .where(and(eq(invitations.organization_id, organization_id), eq(invitations.id, id), isOpen(now)))
        .returning(shownInvitation);
      return revoked ?? null;
    },
  };
}
