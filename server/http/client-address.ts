// Where a request comes from, as far as it is worth telling apart.
import { isIPv6 } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

/** The address of whoever is connected: behind a proxy, the proxy's. */
export const clientAddress = (c: Context): string => networkOf(getConnInfo(c).remote.address ?? '');

const GROUPS = 8;

/** Of IPv6 the first half, the network: its hosts have as many addresses as they want. */
export function networkOf(address: string): string {
  const ofIpv4 = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (ofIpv4 !== undefined || !isIPv6(address)) return ofIpv4 ?? address;
  const [head = [], tail = []] = address.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = Array.from({ length: GROUPS - head.length - tail.length }, () => '0');
  return [...head, ...zeros, ...tail].slice(0, GROUPS / 2).join(':');
}
