// Which ledger a run lives in: one spelling for one account, and another for every other.
import { expect, test } from 'vitest';
import { isSameLedger, ledgerOf } from '../../server/provider/openai/ledger.ts';

test.each([
  'https://gateway.example/v1',
  'https://gateway.example/v1/',
  'https://gateway.example:443/v1',
  'HTTPS://Gateway.Example//v1//',
  'https://gateway.example./v1',
])('the spelling of an address makes no other provider: %s', (baseUrl) => {
  expect(ledgerOf({ baseUrl })).toBe('https://gateway.example/v1#default');
});

test.each([undefined, 'https://api.openai.com/v1', 'https://API.openai.com:443/v1/'])(
  'OpenAI is OpenAI: %s',
  (baseUrl) => {
    expect(ledgerOf({ baseUrl })).toBe('openai#default');
  },
);

test('another host, port, path, organization or project is another ledger', () => {
  const accounts = [
    {},
    { organization: 'org-1' },
    { project: 'proj_1' },
    { organization: 'org-1', project: 'proj_1' },
    { organization: 'org-1', project: 'proj_2' },
    { baseUrl: 'https://gateway.example/v1' },
    { baseUrl: 'https://gateway.example/v1', project: 'proj_1' },
    { baseUrl: 'https://gateway.example/V1' },
    { baseUrl: 'https://gateway.example:8443/v1' },
    { baseUrl: 'http://gateway.example/v1' },
    { baseUrl: 'https://gateway.example/v1?tenant=a' },
    { baseUrl: 'https://gateway.example/v1?tenant=b' },
  ].map(ledgerOf);
  for (const one of accounts) {
    expect(accounts.filter((other) => isSameLedger(one, other))).toEqual([one]);
  }
});

test('an organization cannot pass for a project', () => {
  expect(ledgerOf({ organization: 'a&project=b' })).not.toBe(ledgerOf({ organization: 'a', project: 'b' }));
});

test('a key in the address is not in the ledger', () => {
  expect(ledgerOf({ baseUrl: 'https://user:hidden-1@gateway.example/v1?key=hidden-2' })).not.toContain('hidden');
});

test.each([
  ['openai', {}],
  ['openai', { project: 'proj_1' }],
  ['https://api.openai.com/v1', {}],
  ['https://gateway.example/v1/', { baseUrl: 'https://gateway.example/v1' }],
  ['https://Gateway.example/v1', { baseUrl: 'https://gateway.example/v1/', organization: 'org-1' }],
])('a run that an earlier version recorded at %s is recognised with %j', (recorded, account) => {
  expect(isSameLedger(recorded, ledgerOf(account))).toBe(true);
});

test.each([
  ['openai', 'https://gateway.example/v1#default'],
  ['openai#default', 'openai#project=proj_1'],
  ['openai#project=proj_1', 'openai#default'],
  ['sandbox:1', 'sandbox:2'],
  ['slurm:unix:/run/a#b#user=me&directory=%2Fd', 'slurm:unix:/run/a#b#user=you&directory=%2Fd'],
  ['https://gateway.example/v1#default', 'https://gateway.example/v1#account=second'],
  ['sandbox:1', 'openai#default'],
])('a run of %s does not live in %s', (recorded, own) => {
  expect(isSameLedger(recorded, own)).toBe(false);
});

test('a run of the sandbox lives in that sandbox', () => {
  expect(isSameLedger('sandbox:1', 'sandbox:1')).toBe(true);
});
