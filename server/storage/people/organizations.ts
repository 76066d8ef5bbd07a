// What is asked of an organization as a whole while who is in it changes.
import { and, eq } from 'drizzle-orm';
import { organizations } from '../../../drizzle/access.ts';
import { members } from '../../../drizzle/people.ts';
import type { Database } from '../database.ts';

/** One change of who is in it at a time; whatever else names the organization goes on meanwhile. */
export const lockOrganization = (tx: Database, id: string) =>
  tx.select({ id: organizations.id }).from(organizations).where(eq(organizations.id, id)).for('no key update');

export async function administratorsOf(tx: Database, organization_id: string): Promise<string[]> {
  const found = await tx
    .select({ id: members.person_id })
    .from(members)
    .where(and(eq(members.organization_id, organization_id), eq(members.role, 'admin')))
    // Whether there is another one is all that is asked.
    .limit(2);
  return found.map(({ id }) => id);
}

export const hasAdministrator = async (tx: Database, organization_id: string): Promise<boolean> =>
  (await administratorsOf(tx, organization_id)).length > 0;
