// How people come in: what transports ask of whoever knows them. What lets a browser in afterwards is a cookie.
import type { Role } from './people.ts';

/** `Set-Cookie` of an answer, each as it is sent. */
export type Cookies = readonly string[];

/** What somebody says of themselves who joins. */
export type Newcomer = { name: string; email: string; password: string };

/** Who a browser is signed in as. */
export type SignedIn = {
  name: string;
  role: Role;
  organization_id: string;
  /** All that they are a member of. */
  organizations: readonly { id: string; name: string }[];
};

/** What an invitation is for, as its page shows it. */
export type Invited = {
  organization: string;
  /** Null: whoever has the link says theirs. */
  email: string | null;
  role: Role;
  /** Whether they are known already, and sign in instead of saying who they are. */
  isOfKnown: boolean;
};

/**
 * Each rejects with DomainError: `unauthorized` in words for the person; `rate_limited` after too many tries from an address;
 * `unavailable` where it cannot be said just now.
 */
export type SignIn = {
  /** Whether there is an OpenID provider to sign in at. */
  hasOpenId: boolean;
  withPassword(email: string, password: string, from: string): Promise<Cookies>;
  /** Where the browser goes to sign in, and what it has to bring back. */
  begin(from: string): Promise<{ location: string; cookies: Cookies }>;
  /** @param query as the provider sent the browser back with it */
  end(query: string, cookie: string, from: string): Promise<Cookies>;
  /** Also where nobody is signed in. */
  out(cookie: string): Promise<Cookies>;

  /** Null: nobody is signed in. */
  signedIn(cookie: string): Promise<SignedIn | null>;
  /** Acts for another organization from now on. @throws DomainError `not_found` where they are no member of it */
  choose(cookie: string, organization_id: string): Promise<void>;

  /** @throws DomainError `not_found` where it opens nothing, or nothing any more */
  invitation(token: string, from: string): Promise<Invited>;
  /** Makes the person of whom an invitation is for, and signs them in. */
  join(token: string, newcomer: Newcomer, from: string): Promise<Cookies>;
  /** Lets somebody join another organization who is signed in. */
  joinAs(token: string, cookie: string, from: string): Promise<void>;
};
