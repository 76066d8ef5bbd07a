// Which network addresses a webhook may be sent to: those of the internet, and none that only this network can reach.
import ipaddr from 'ipaddr.js';

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
  const range = ipaddr.process(host).range();
  return range === 'unicast' ? null : (words[range] ?? range);
}

/** Whether a host is an address itself, and not a name that is looked up. */
export const isAddress = (host: string): boolean => ipaddr.isValid(host.replace(/^\[(.*)\]$/, '$1'));
