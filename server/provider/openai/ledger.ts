// Which ledger a run lives in: the address of the provider and the account there, in a form that has one spelling.
import { createHash } from 'node:crypto';

export type Account = {
  /** Undefined: OpenAI itself. */
  baseUrl?: string | undefined;
  organization?: string | undefined;
  project?: string | undefined;
  /** Tells accounts of one host apart by what the operator calls them; left out: `default`. */
  label?: string | undefined;
};

export const OPENAI_URL = 'https://api.openai.com/v1';
const OPENAI = 'openai';
/** The account that the key has by itself. */
const DEFAULT_ACCOUNT = 'default';

/** `openai#default`, `https://gateway.example/v1#project=proj_1`. Never holds a secret. */
export function ledgerOf({ baseUrl = OPENAI_URL, organization, project, label }: Account): string {
  const named = new URLSearchParams();
  if (organization) named.set('organization', organization);
  if (project) named.set('project', project);
  if (label && label !== DEFAULT_ACCOUNT) named.set('account', label);
  return `${placeOf(baseUrl)}#${named.toString() || DEFAULT_ACCOUNT}`;
}

export const isOpenAi = (ledger: string) => ledger.startsWith(`${OPENAI}#`);

/**
 * Whether what a run was recorded with is this ledger. Runs of earlier versions carry no account, and the address as it
 * was given: those are told by the address alone.
 */
export function isSameLedger(recorded: string, own: string): boolean {
  if (recorded === own) return true;
  const [place, account] = parted(recorded);
  const [ownPlace, ownAccount] = parted(own);
  return placeOf(place) === placeOf(ownPlace) && (account === undefined || account === ownAccount);
}

/** At its last `#`: the path of a socket may hold one, and an account is written without. */
function parted(ledger: string): [place: string, account: string | undefined] {
  const at = ledger.lastIndexOf('#');
  return at === -1 ? [ledger, undefined] : [ledger.slice(0, at), ledger.slice(at + 1)];
}

/** Case, default ports, slashes too many, a user or a dot at the end of a host make no other provider. */
function placeOf(address: string): string {
  if (!/^https?:/i.test(address) || !URL.canParse(address)) return address;
  const { protocol, host, pathname, searchParams } = new URL(address);
  const path = pathname.replaceAll(/\/{2,}/g, '/').replace(/\/$/, '');
  const place = `${protocol}//${host.replace(/\.(?=:|$)/, '')}${path}`;
  searchParams.sort();
  const query = searchParams.toString();
  // What stands in a query may be a key.
  if (query !== '') return `${place}?${createHash('sha256').update(query).digest('hex').slice(0, 16)}`;
  return place === OPENAI_URL ? OPENAI : place;
}
