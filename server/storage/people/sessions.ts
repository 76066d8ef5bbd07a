// Whose a session is, and for which organization: one statement, on the connections that stops have for themselves.
import { and, asc, eq, getTableColumns, gt, sql } from 'drizzle-orm';
import { members, people, sessions } from '../../../drizzle/people.ts';
import type { SessionStore } from '../../access/people/people-store.ts';
import { atMost } from '../../finetuning/at-most.ts';
import type { Database, OpenDatabase } from '../database.ts';

/** Of one tiny statement. */
const LONGEST_LOOK_UP_MS = 5000;
/** As of keys: others are left to the stops themselves. */
const MOST_LOOK_UPS = 2;

export function sessionStore({ stops }: Pick<OpenDatabase, 'stops'>): SessionStore {
  const inTurn = atMost(MOST_LOOK_UPS);
  return {
    session: (token, now) =>
      inTurn(() => stops(performance.now() + LONGEST_LOOK_UP_MS, 'reads', (db) => sessionOf(db, token, now))),
  };
}

const { role, organization_id } = getTableColumns(members);

async function sessionOf(db: Database, token: string, now: string) {
  const [found] = await db
    .select({ person_id: people.id, name: people.name, organization_id, role })
    .from(sessions)
    .innerJoin(people, eq(people.id, sessions.person_id))
    .innerJoin(members, eq(members.person_id, people.id))
    .where(and(eq(sessions.token, token), gt(sessions.expires_at, sql`${now}::timestamptz`)))
    // The one that was chosen, or else the one that they joined first.
    .orderBy(sql`${members.organization_id} is distinct from ${sessions.organization_id}`, asc(members.id))
    .limit(1);
  return found ?? null;
}
