// Who is signed in, as the API knows them: looked up at each request, so that whoever is removed or signs out is out at once.
import type { Clock } from '../../finetuning/dependencies.ts';
import { scopesOf } from '../../finetuning/people.ts';
import type { Principal } from '../../finetuning/principal.ts';
import type { SessionStore } from './people-store.ts';
import { tokenIn } from './session-cookie.ts';

export type AdmittedPeople = {
  /** Null: nobody is signed in by it. @throws Unavailable where that cannot be said just now */
  principalOf(cookie: string): Promise<Principal | null>;
  /** Where people sign in. */
  signInAt: string;
};

export function admitPeople(store: SessionStore, clock: Clock, publicUrl: string, secret: string): AdmittedPeople {
  const settings = { isHttps: new URL(publicUrl).protocol === 'https:', secret };
  return {
    async principalOf(cookie) {
      const token = await tokenIn(cookie, settings);
      const session = token === null ? null : await store.session(token, clock());
      if (session === null) return null;
      const { person_id: id, name, organization_id, role } = session;
      return { organization_id, who: 'person', id, name, scopes: scopesOf(role) };
    },
    signInAt: `${publicUrl}/auth/sign-in`,
  };
}
