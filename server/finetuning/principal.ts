// Who asks: for which organization, and what they may do. Whoever lets a request in says so; the domain asks nothing further.
import type { Actor } from './lifecycle/actor.ts';

/** To look, to start and change, to stop, and to manage keys and people. None of the first three brings another with it. */
export const scopes = ['read', 'run', 'cancel', 'admin'] as const;
export type Scope = (typeof scopes)[number];

export type Principal = {
  /** Every query names it (I12). */
  organization_id: string;
  who: Actor['who'];
  /** Of the key or the person; of what the configuration lets in, its name. */
  id: string;
  /** As receipts show it. */
  name: string;
  scopes: readonly Scope[];
  /** The address that is connected; left out: it asks in this process. */
  from?: string;
};

/** As what it causes says it. */
export const actorOf = ({ who, id, name, from }: Omit<Principal, 'scopes'>): Actor => ({
  who,
  id,
  name,
  from: from ?? null,
});

/** For what is counted of each. */
export const identityOf = ({ organization_id, who, id }: Principal): string => `${organization_id} ${who} ${id}`;

/** `admin` may do everything. */
export const allows = ({ scopes }: Pick<Principal, 'scopes'>, scope: Scope): boolean =>
  scopes.includes('admin') || scopes.includes(scope);
