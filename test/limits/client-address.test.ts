// Addresses as they are told apart: who has a network of IPv6 has as many of its addresses as they want.
import { expect, test } from 'vitest';
import { readConfig } from '../../server/config.ts';
import { networkOf, originOf } from '../../server/http/client-address.ts';
import { proxiesIn } from '../../server/http/trusted-proxies.ts';

test('addresses of one network of IPv6 are one, and those of IPv4 each their own', () => {
  const networks = {
    '2001:db8:1:2:3:4:5:6': '2001:db8:1:2',
    '2001:db8:1:2::1': '2001:db8:1:2',
    '2001:db8::1': '2001:db8:0:0',
    '::1': '0:0:0:0',
    'fe80::1%eth0': 'fe80:0:0:0',
    '::ffff:192.0.2.1': '192.0.2.1',
    '192.0.2.1': '192.0.2.1',
    '': '',
  };
  for (const [address, network] of Object.entries(networks)) expect(networkOf(address), address).toBe(network);
});

const trusted = proxiesIn('10.0.0.7, 192.168.0.0/16 fd00::/8');

test.each([
  ['nobody is behind who is connected', '203.0.113.9', undefined, '203.0.113.9'],
  ['a proxy that says nothing is itself', '10.0.0.7', undefined, '10.0.0.7'],
  ['whom a trusted proxy names is who asks', '10.0.0.7', '203.0.113.9', '203.0.113.9'],
  ['also where a socket of IPv6 was connected to', '::ffff:10.0.0.7', '203.0.113.9', '203.0.113.9'],
  ['also through several of them', '10.0.0.7', '203.0.113.9, 192.168.3.4,fd00::1', '203.0.113.9'],
  ['what they were sent themselves is not believed', '10.0.0.7', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
  ['not even where it names a proxy', '10.0.0.7', '192.168.1.1, 203.0.113.9', '203.0.113.9'],
  ['from anybody else nothing is believed', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
  ['with its port it is the same', '10.0.0.7', '203.0.113.9:4711', '203.0.113.9'],
  ['of IPv6 too', '10.0.0.7', '[2001:db8::1]:4711', '2001:db8::1'],
  ['or in brackets alone', '10.0.0.7', '[2001:db8::1]', '2001:db8::1'],
  ['what is no address is not read, nor what is behind it', '10.0.0.7', '203.0.113.9, unknown', '10.0.0.7'],
  ['nor is nothing', '10.0.0.7', '203.0.113.9,', '10.0.0.7'],
  ['where all are proxies it is the first of them', '10.0.0.7', '192.168.9.9', '192.168.9.9'],
])('%s', (_what, peer, forwarded, origin) => {
  expect(originOf(peer, forwarded, trusted)).toBe(origin);
});

test.each(['10.0.0.0/33', 'fd00::/129', 'proxy.example', '10.0.0', '0.0.0.0/0', '::/0'])(
  'a trusted proxy is an address or a network, and not everybody: %s',
  (TRUSTED_PROXIES) => {
    expect(() => readConfig({ TRUSTED_PROXIES })).toThrow(`TRUSTED_PROXIES: "${TRUSTED_PROXIES}"`);
  },
);
