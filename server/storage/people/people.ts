// People, implemented on the database: how they come in, who manages them, and what of a session is changed.
import { and, asc, eq, sql } from 'drizzle-orm';
import { organizations } from '../../../drizzle/access.ts';
import { members, sessions } from '../../../drizzle/people.ts';
import type { PeopleStore } from '../../access/people/people-store.ts';
import type { Database } from '../database.ts';
import { translated } from '../unavailable.ts';
import { joining } from './joining.ts';
import { managing } from './members.ts';

export const peopleStore = (db: Database): PeopleStore =>
  translated({
    ...joining(db),
    ...managing(db),

    organizationsOf: (person_id) =>
      db
        .select({ id: organizations.id, name: organizations.name })
        .from(members)
        .innerJoin(organizations, eq(organizations.id, members.organization_id))
        .where(eq(members.person_id, person_id))
        .orderBy(asc(members.id)),

    async organization(id) {
      const [found] = await db
        .select({ id: organizations.id, name: organizations.name })
        .from(organizations)
        .where(eq(organizations.id, id));
      return found ?? null;
    },

    async choose(token, organization_id) {
      const isMember = sql`exists (select from ${members}
        where ${members.person_id} = ${sessions.person_id} and ${members.organization_id} = ${organization_id})`;
      const chosen = await db
        .update(sessions)
        .set({ organization_id, updated_at: sql`now()` })
        .where(and(eq(sessions.token, token), isMember))
        .returning({ id: sessions.id });
      return chosen.length > 0;
    },

    async endSession(token) {
      await db.delete(sessions).where(eq(sessions.token, token));
    },
  });
