// API keys: looked up by their digest, listed, replaced, revoked.
import { and, desc, eq, getTableColumns, isNull, lt, or, sql } from 'drizzle-orm';
import { apiKeys } from '../../drizzle/schema.ts';
import type { KeyStore } from '../access/key-store.ts';
import { keyCreated, keyRevoked, keyRotated } from '../finetuning/acts.ts';
import { atMost } from '../finetuning/at-most.ts';
import { standingOf } from '../finetuning/keys.ts';
import { writeActs } from './audit-entries.ts';
import type { Database, OpenDatabase } from './database.ts';
import { listedId } from './page.ts';
import { translated } from './unavailable.ts';

const { digest: _, ...columns } = getTableColumns(apiKeys);

export function keyStore(db: Database): KeyStore {
  const one = (organization_id: string, id: string) =>
    and(eq(apiKeys.id, id), eq(apiKeys.organization_id, organization_id));

  return {
    insert: (key, digest, by) =>
      db.transaction(async (tx) => {
        await tx.insert(apiKeys).values({ ...key, scopes: [...key.scopes], digest });
        await writeActs(tx, [keyCreated(key, { by, at: key.created_at })]);
      }),

    async byDigest(digest) {
      const [row] = await db.select(columns).from(apiKeys).where(eq(apiKeys.digest, digest));
      return row ?? null;
    },

    async find(organization_id, id) {
      const [row] = await db.select(columns).from(apiKeys).where(one(organization_id, id));
      return row ?? null;
    },

    list: (organization_id, { after, limit }) =>
      db
        .select(columns)
        .from(apiKeys)
        .where(
          and(
            eq(apiKeys.organization_id, organization_id),
            after === undefined ? undefined : lt(listedId(apiKeys.id), after),
          ),
        )
        .orderBy(desc(listedId(apiKeys.id)))
        .limit(limit),

    revoke: (organization_id, id, now, by) =>
      db.transaction(async (tx) => {
        // Of two that would revoke it the second one waits, and finds it revoked.
        const [revoked] = await tx
          .update(apiKeys)
          .set({ revoked_at: now })
          .where(and(one(organization_id, id), isNull(apiKeys.revoked_at)))
          .returning(columns);
        if (revoked) await writeActs(tx, [keyRevoked(revoked, { by, at: now })]);
        const [row] = revoked ? [revoked] : await tx.select(columns).from(apiKeys).where(one(organization_id, id));
        return row ?? null;
      }),

    replace: (id, successor, digest, until, now, by) =>
      db.transaction(async (tx) => {
        // Of two that would replace it the second one waits, and finds it replaced.
        const [old] = await tx.select(columns).from(apiKeys).where(one(successor.organization_id, id)).for('update');
        if (!old || old.replaced_by !== null || standingOf(old, now) !== 'valid') return null;
        await tx.insert(apiKeys).values({ ...successor, scopes: [...successor.scopes], digest });
        const [replaced] = await tx
          .update(apiKeys)
          .set({
            replaced_by: successor.id,
            expires_at: sql`least(${apiKeys.expires_at}, ${until}::timestamptz)`,
          })
          .where(eq(apiKeys.id, id))
          .returning(columns);
        if (replaced) await writeActs(tx, [keyRotated(replaced, { by, at: now })]);
        return replaced ?? null;
      }),

    async used(id, now) {
      const isLater = or(isNull(apiKeys.last_used_at), lt(apiKeys.last_used_at, now));
      await db
        .update(apiKeys)
        .set({ last_used_at: now })
        .where(and(eq(apiKeys.id, id), isLater));
    },
  };
}

/** For who manages them. */
export const managedKeys = (db: Database): KeyStore => translated(keyStore(db));

/** Of one tiny statement. */
const LONGEST_LOOK_UP_MS = 5000;
/** So that a flood of made-up keys does not take all connections from stops. */
const MOST_LOOK_UPS = 2;

/**
 * What letting requests in asks of the database. Whoever stops a run is let in first: look-ups have the connections of stops,
 * and wait behind no other request.
 */
export function admissionStore({
  stops,
  work,
}: Pick<OpenDatabase, 'stops' | 'work'>): Pick<KeyStore, 'byDigest' | 'used'> {
  const inTurn = atMost(MOST_LOOK_UPS);
  return {
    byDigest: (digest) =>
      inTurn(() => stops(performance.now() + LONGEST_LOOK_UP_MS, 'reads', (db) => keyStore(db).byDigest(digest))),
    used: translated(keyStore(work)).used,
  };
}
