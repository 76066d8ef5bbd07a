// The tables of who may ask: organizations and their keys.
import { sql } from 'drizzle-orm';
import { type AnyPgColumn, check, index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { scopes } from '../server/finetuning/principal.ts';
import { id, isObjectId, list, listedId, time } from './columns.ts';

export const organizations = pgTable('organizations', {
  id: id(),
  name: text().notNull(),
  created_at: time().notNull(),
});

export const organization = () =>
  text()
    .notNull()
    .references(() => organizations.id);

/**
 * Keys of organizations. What opens is not here, only a digest of it; and a key that is revoked or expired stays, since
 * receipts name it.
 */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: id(),
    organization_id: organization(),
    name: text().notNull(),
    scopes: text({ enum: scopes }).array().notNull(),
    /** SHA-256 of the key, in hex. Of 256 random bits: to guess one takes as long behind any other hash. */
    digest: text().notNull(),
    /** How the key begins, to know it again. */
    hint: text().notNull(),
    created_by: text().notNull(),
    created_at: time().notNull(),
    expires_at: time(),
    /** To the minute. */
    last_used_at: time(),
    revoked_at: time(),
    /** The key that was made in its place; until it expires both are valid. */
    replaced_by: text().references((): AnyPgColumn => apiKeys.id),
  },
  (table) => [
    uniqueIndex('api_keys_digest').on(table.digest),
    index('api_keys_listed').on(table.organization_id, listedId),
    check('api_keys_id', isObjectId),
    check('api_keys_is_digest', sql`digest ~ '^[0-9a-f]{64}$'`),
    check('api_keys_scopes', sql.raw(`scopes <> '{}' and scopes <@ array[${list(scopes)}]`)),
    check('api_keys_replaced_expires', sql`replaced_by is null or expires_at is not null`),
  ],
);
