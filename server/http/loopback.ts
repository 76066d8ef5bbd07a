// Which hosts mean this machine: the one notion of it, for where the server listens and for who may call it.
import { BlockList, isIP } from 'node:net';

const addresses = new BlockList();
addresses.addSubnet('127.0.0.0', 8, 'ipv4');
addresses.addAddress('::1', 'ipv6');

/** @param host a name or an address, an IPv6 one without brackets. */
export function isLoopback(host: string): boolean {
  const version = isIP(host);
  return version === 0 ? host.toLowerCase() === 'localhost' : addresses.check(host, version === 6 ? 'ipv6' : 'ipv4');
}

/** Whether an address of the web, as in Origin, lies on this machine; one of another scheme is none. */
export function isLocal(address: string): boolean {
  const url = URL.parse(address);
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:';
  return isWeb && isLoopback(url.hostname.replace(/^\[(.+)\]$/, '$1'));
}
