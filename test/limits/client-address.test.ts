// Addresses as they are told apart: who has a network of IPv6 has as many of its addresses as they want.
import { expect, test } from 'vitest';
import { networkOf } from '../../server/http/client-address.ts';

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
