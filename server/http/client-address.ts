// Where a request comes from, as far as it is worth telling apart: who is connected, or whom a proxy that is trusted names.
import { type BlockList, isIP, isIPv6 } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

/** Of whoever asks. @param trusted proxies whose word for it is taken; of others what a request says is not believed */
export const callerAddress = (c: Context, trusted: BlockList): string =>
  originOf(getConnInfo(c).remote.address ?? '', c.req.header('x-forwarded-for'), trusted);

/** The same, as far as callers are told apart by it. */
export const clientAddress = (c: Context, trusted: BlockList): string => networkOf(callerAddress(c, trusted));

/**
 * Each proxy adds at the right whom it was connected to. So it is read from there, as long as whoever wrote it is trusted;
 * what stands further to the left anybody may have made up.
 */
export function originOf(peer: string, forwarded: string | undefined, trusted: BlockList): string {
  let origin = plain(peer);
  for (const given of (forwarded ?? '').split(',').toReversed()) {
    if (!isTrusted(origin, trusted)) break;
    const named = addressIn(given);
    if (named === null) break;
    origin = named;
  }
  return origin;
}

function isTrusted(address: string, trusted: BlockList): boolean {
  const version = isIP(address);
  return version !== 0 && trusted.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/** Some write the port behind it. Null: it is none. */
function addressIn(given: string): string | null {
  const text = given.trim();
  const address = plain(/^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text);
  return isIP(address) === 0 ? null : address;
}

/** An IPv4 address that a socket of IPv6 has written is that of IPv4. */
const plain = (address: string): string => /^::ffff:([\d.]+)$/i.exec(address)?.[1] ?? address;

const GROUPS = 8;

/** Of IPv6 the first half, the network: its hosts have as many addresses as they want. */
export function networkOf(address: string): string {
  const given = plain(address);
  if (!isIPv6(given)) return given;
  const [head = [], tail = []] = given.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = Array.from({ length: GROUPS - head.length - tail.length }, () => '0');
  return [...head, ...zeros, ...tail].slice(0, GROUPS / 2).join(':');
}
