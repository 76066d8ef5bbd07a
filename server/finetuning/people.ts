// People of an organization: what each may do there, and what can be asked of whoever keeps them.
import type { Page } from './paging.ts';
import type { Principal, Scope } from './principal.ts';

/** From all there is to the least. */
export const roles = ['admin', 'member', 'operator', 'viewer'] as const;
export type Role = (typeof roles)[number];

const allowed: Readonly<Record<Role, readonly Scope[]>> = {
  admin: ['admin'],
  member: ['read', 'run', 'cancel'],
  operator: ['read', 'cancel'],
  viewer: ['read'],
};

export const scopesOf = (role: Role): readonly Scope[] => allowed[role];

export type Member = {
  /** Of the person. */
  id: string;
  name: string;
  email: string;
  role: Role;
  /** In the organization, since. */
  created_at: string;
};

export type Invitation = {
  id: string;
  /** Null: whoever has the link. */
  email: string | null;
  role: Role;
  /** The name of who made it. */
  created_by: string;
  created_at: string;
  expires_at: string;
};

/** With the link that opens, which nobody can read a second time. */
export type MadeInvitation = Invitation & { link: string };

/** Who asks, as they are told of themselves. */
export type Me = Pick<Principal, 'who' | 'id' | 'name' | 'scopes'> & { organization: { id: string; name: string } };

/** Of one organization, for who may manage them. */
export type People = {
  /** Newest first. */
  list(page: Page): Promise<Member[]>;
  /** @throws DomainError `invalid` where people are not set up, or somebody with this e-mail is in the organization already */
  invite(given: { email: string; role: Role }): Promise<MadeInvitation>;
  /** @throws DomainError `invalid` where nobody would be left who has `admin` */
  setRole(id: string, role: Role): Promise<Member>;
  /** From now on nothing of theirs opens anything here. @throws DomainError `invalid` as `setRole` */
  remove(id: string): Promise<Member>;
  /** Those that are open, newest first. */
  invitations(page: Page): Promise<Invitation[]>;
  revokeInvitation(id: string): Promise<Invitation>;
};
