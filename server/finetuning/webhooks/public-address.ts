// Which network addresses a webhook may be sent to: those of the internet, and none that only this network can reach.
import ipaddr from 'ipaddr.js';

/** All of IPv6 that the internet has. */
const GIVEN = ipaddr.IPv6.parse('2000::');

/** In the words of people, where the word of the library is none. */
const words: Record<string, string> = {
  uniqueLocal: 'private',
  carrierGradeNat: 'of a carrier',
  linkLocal: 'link-local',
  unspecified: 'unspecified',
};

/**
 * Null: it is public. Else what it is instead. An IPv4 address that is written as one of IPv6 is what the former is; what
 * else leads from IPv6 to IPv4, by tunnel or translation, is not followed, for it may lead anywhere.
 */
export function whyNotPublic(address: string): string | null {
  const host = address.replace(/^\[(.*)\]$/, '$1');
  if (!ipaddr.isValid(host)) return 'no address';
  const parsed = ipaddr.process(host);
  const range = parsed.range();
  if (range !== 'unicast') return words[range] ?? range;
  // Of the rest of IPv6 nothing is given to anybody, or it is an IPv4 address of old.
  return parsed instanceof ipaddr.IPv6 && !parsed.match(GIVEN, 3) ? 'reserved' : null;
}

/** Whether a host is an address itself, and not a name that is looked up. */
export const isAddress = (host: string): boolean => ipaddr.isValid(host.replace(/^\[(.*)\]$/, '$1'));
