// The proxies that are trusted to say whom they serve, as the configuration names them: addresses, and networks of them.
import { BlockList, isIP } from 'node:net';

const LONGEST = { ipv4: 32, ipv6: 128 };

/** @throws Error naming what is neither. */
export function proxiesIn(text: string): BlockList {
  const proxies = new BlockList();
  for (const given of text.split(/[\s,]+/).filter((part) => part !== '')) {
    const { address = '', bits } = /^(?<address>[^/]+)(?:\/(?<bits>\d{1,3}))?$/.exec(given)?.groups ?? {};
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    const prefix = Number(bits ?? LONGEST[family]);
    if (isIP(address) === 0 || prefix > LONGEST[family])
      throw new Error(`"${given}" is neither an address nor a network; write 10.0.0.7 or 10.0.0.0/8, parted by commas`);
    // As all addresses are trusted, anybody may say to be anybody.
    if (prefix === 0) throw new Error(`"${given}" trusts everybody; name the proxies`);
    proxies.addSubnet(address, prefix, family);
  }
  return proxies;
}
