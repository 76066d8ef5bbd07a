// Where a request comes from, as far as it is worth telling apart.
import { isIPv6 } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

/** The address of whoever is connected: behind a proxy, the proxy's. What a request says of itself is not believed. */
export const peerAddress = (c: Context): string => unmapped(getConnInfo(c).remote.address ?? '');

/** The same, as far as callers are told apart by it. */
export const clientAddress = (c: Context): string => networkOf(peerAddress(c));

const unmapped = (address: string): string => /^::ffff:([\d.]+)$/i.exec(address)?.[1] ?? address;

const GROUPS = 8;

/** Of IPv6 the first half, the network: its hosts have as many addresses as they want. */
export function networkOf(address: string): string {
  const plain = unmapped(address);
  if (!isIPv6(plain)) return plain;
  const [head = [], tail = []] = plain.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = Array.from({ length: GROUPS - head.length - tail.length }, () => '0');
  return [...head, ...zeros, ...tail].slice(0, GROUPS / 2).join(':');
}
