// What the files of a machine say of names: which addresses it has for one itself, and what it takes a short one for. Pure.
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';

const LOOPBACK = ['127.0.0.1', '::1'];

const withoutDot = (name: string) => name.toLowerCase().replace(/\.$/, '');

export const asFound = (addresses: readonly string[]): LookupAddress[] =>
  addresses.map((address) => ({ address, family: isIP(address) }));

/** Of `/etc/hosts`. What is called localhost is this machine, whether it stands there or not. */
export function addressesIn(hosts: string, name: string): LookupAddress[] {
  const wanted = withoutDot(name);
  const found = linesOf(hosts).flatMap(([address = '', ...names]) =>
    isIP(address) !== 0 && names.some((known) => withoutDot(known) === wanted) ? [address] : [],
  );
  return asFound(found.length === 0 && /(^|\.)localhost$/.test(wanted) ? LOOPBACK : found);
}

/** By `search` of `/etc/resolv.conf`: a name without a dot may be one of this network. */
export function namesFor(resolvConf: string, name: string): string[] {
  if (name.includes('.')) return [name];
  const [, ...domains] = linesOf(resolvConf).findLast(([word]) => word === 'search' || word === 'domain') ?? [];
  return [...domains.filter((domain) => domain !== '.').map((domain) => `${name}.${domain}`), name];
}

const linesOf = (text: string): string[][] =>
  text.split('\n').map((line) =>
    line
      .replace(/[#;].*/, '')
      .trim()
      .split(/\s+/),
  );
