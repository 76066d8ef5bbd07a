// The tables of people: who they are, how they sign in, which organizations they are members of. The names of columns that
// the library of sign-ins reads and writes are told to it in server/access/people/sign-ins.ts.
import { sql } from 'drizzle-orm';
import { boolean, check, index, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import { roles } from '../server/finetuning/people.ts';
import { organization, organizations } from './access.ts';
import { id, isObjectId, list, listedId, time } from './columns.ts';

const isOpen = sql`accepted_at is null and revoked_at is null`;

/** As a Date: what the library of sign-ins reads and writes. */
const date = () => timestamp({ precision: 3, withTimezone: true, mode: 'date' });

export const people = pgTable(
  'people',
  {
    id: id(),
    name: text().notNull(),
    email: text().notNull(),
    /** By an OpenID provider, or who has the machine. Where it is not, no provider's word opens what is this person's. */
    email_verified: boolean().notNull(),
    image: text(),
    created_at: date().notNull(),
    updated_at: date().notNull(),
  },
  (table) => [
    uniqueIndex('people_email').on(table.email),
    check('people_id', isObjectId),
    check('people_email_in_lower_case', sql`email = lower(email)`),
  ],
);

const person = () =>
  text()
    .notNull()
    .references(() => people.id, { onDelete: 'cascade' });

export const sessions = pgTable(
  'sessions',
  {
    id: id(),
    person_id: person(),
    /** Opens nothing without its signature, which is in the cookie alone. */
    token: text().notNull(),
    /** Which one they act for; null: the one that they joined first. */
    organization_id: text().references(() => organizations.id),
    created_at: date().notNull(),
    updated_at: date().notNull(),
    expires_at: date().notNull(),
    /** Not written. */
    ip_address: text(),
    user_agent: text(),
  },
  (table) => [
    uniqueIndex('sessions_token').on(table.token),
    index('sessions_by_person').on(table.person_id),
    check('sessions_id', isObjectId),
  ],
);

/** A password, or an account at the OpenID provider. */
export const signInAccounts = pgTable(
  'sign_in_accounts',
  {
    id: id(),
    person_id: person(),
    provider_id: text().notNull(),
    account_id: text().notNull(),
    /** scrypt, with a salt of its own. */
    password: text(),
    scope: text(),
    created_at: date().notNull(),
    updated_at: date().notNull(),
    // What a provider gives to act for somebody there is not kept.
    access_token: text(),
    access_token_expires_at: date(),
    refresh_token: text(),
    refresh_token_expires_at: date(),
    id_token: text(),
  },
  (table) => [
    uniqueIndex('sign_in_accounts_at_provider').on(table.provider_id, table.account_id),
    index('sign_in_accounts_by_person').on(table.person_id),
    check('sign_in_accounts_id', isObjectId),
    check('sign_in_accounts_without_tokens', sql`access_token is null and refresh_token is null and id_token is null`),
  ],
);

/** Of sign-ins at an OpenID provider that are under way. */
export const verifications = pgTable(
  'verifications',
  {
    id: id(),
    identifier: text().notNull(),
    value: text().notNull(),
    created_at: date().notNull(),
    updated_at: date().notNull(),
    expires_at: date().notNull(),
  },
  (table) => [index('verifications_by_identifier').on(table.identifier)],
);

export const members = pgTable(
  'members',
  {
    id: id(),
    organization_id: organization(),
    person_id: person(),
    role: text({ enum: roles }).notNull(),
    created_at: time().notNull(),
  },
  (table) => [
    uniqueIndex('members_once').on(table.organization_id, table.person_id),
    index('members_listed').on(table.organization_id, sql`person_id collate "C"`),
    index('members_administrators').on(table.organization_id).where(sql`role = 'admin'`),
    index('members_by_person').on(table.person_id, table.id),
    check('members_id', isObjectId),
    check('members_role', sql.raw(`role in (${list(roles)})`)),
  ],
);

/** Links that let somebody in, once. What opens is not here, only a digest of it. */
export const invitations = pgTable(
  'invitations',
  {
    id: id(),
    organization_id: organization(),
    /** Null: whoever has the link, as long as the organization has no administrator. */
    email: text(),
    role: text({ enum: roles }).notNull(),
    digest: text().notNull(),
    created_by: text().notNull(),
    created_at: time().notNull(),
    expires_at: time().notNull(),
    accepted_at: time(),
    revoked_at: time(),
  },
  (table) => [
    uniqueIndex('invitations_digest').on(table.digest),
    index('invitations_listed').on(table.organization_id, listedId).where(isOpen),
    index('invitations_by_email').on(table.email).where(isOpen),
    check('invitations_id', isObjectId),
    check('invitations_email_in_lower_case', sql`email = lower(email)`),
    check('invitations_is_digest', sql`digest ~ '^[0-9a-f]{64}$'`),
    check('invitations_role', sql.raw(`role in (${list(roles)})`)),
    check('invitations_without_email_are_of_administrators', sql`email is not null or role = 'admin'`),
  ],
);
