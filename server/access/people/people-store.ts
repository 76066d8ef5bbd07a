// What is asked of the database about people. Each method is one transaction, and rejects with `Unavailable` where it cannot be had.
import type { Page } from '../../finetuning/paging.ts';
import type { Invitation, Member, Role } from '../../finetuning/people.ts';

/** Who a cookie stands for, in the organization that they act for. */
export type Session = { person_id: string; name: string; organization_id: string; role: Role };

/** As it is shown to whoever has its link. */
export type OpenInvitation = Invitation & {
  organization_id: string;
  organization: string;
  /** Whether somebody with its e-mail is known already. */
  isOfKnown: boolean;
};

export type NewPerson = { id: string; account_id: string; name: string; email: string; password: string };

/** What came of it: `over`: the invitation is open no more; `known`: there is somebody with this e-mail already. */
export type Joined = 'joined' | 'over' | 'known';

/** `last`: nobody would be left who has `admin`. */
export type Changed = Member | 'unknown' | 'last';

export type Membership = { organization_id: string; role: Role };

export type Organization = { id: string; name: string };

export type PeopleStore = {
  /** An invitation that is open, by the digest of its token. */
  invitation(digest: string, now: string): Promise<OpenInvitation | null>;
  /** Makes a person of whom an invitation is for. Of two at once one joins. */
  join(digest: string, person: NewPerson, now: string): Promise<Joined>;
  /** Makes a person who is known a member of another organization, where the invitation is for their e-mail. */
  joinAs(digest: string, person_id: string, now: string): Promise<'joined' | 'over'>;
  /** Whether there is an invitation for this e-mail. */
  isInvited(email: string, now: string): Promise<boolean>;
  /**
   * Lets somebody whose e-mail a provider has verified take up what is open for it, where they are a member of nothing yet.
   * @param unasked what they become without an invitation; null: nothing
   * @returns whether they are a member of anything
   */
  admit(person_id: string, unasked: (email: string) => Membership | null, now: string): Promise<boolean>;

  /** Whether they have signed in at this OpenID provider before. */
  isKnownAt(issuer: string, person_id: string): Promise<boolean>;

  organizationsOf(person_id: string): Promise<Organization[]>;
  /** @returns false where the person is no member of it */
  choose(token: string, organization_id: string): Promise<boolean>;
  endSession(token: string): Promise<void>;

  organization(id: string): Promise<Organization | null>;
  hasAdministrator(organization_id: string): Promise<boolean>;
  list(organization_id: string, page: Page): Promise<Member[]>;
  /** @returns false where somebody with this e-mail is a member already */
  invite(organization_id: string, invitation: Invitation, digest: string): Promise<boolean>;
  setRole(organization_id: string, id: string, role: Role): Promise<Changed>;
  /** With the person, where they are a member of nothing else. */
  remove(organization_id: string, id: string): Promise<Changed>;
  invitations(organization_id: string, page: Page, now: string): Promise<Invitation[]>;
  revokeInvitation(organization_id: string, id: string, now: string): Promise<Invitation | null>;
};

/** What letting requests in asks. */
export type SessionStore = {
  /** Null: it has ended, or whose it is is no member of anything any more. */
  session(token: string, now: string): Promise<Session | null>;
};
