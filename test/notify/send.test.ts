// Where a webhook may be sent, what one attempt comes to, and when the next one is made.
import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { PAUSES_MS, retryAfter, verdictOn } from '../../server/finetuning/webhooks/attempt.ts';
import { isAddress, whyNotPublic } from '../../server/finetuning/webhooks/public-address.ts';
import { createSend } from '../../server/notify/send.ts';
import { listening } from '../provider/listening.ts';

test.each([
  ['127.0.0.1', 'loopback'],
  ['127.9.9.9', 'loopback'],
  ['0.0.0.0', 'unspecified'],
  ['10.0.0.1', 'private'],
  ['172.16.0.1', 'private'],
  ['192.168.1.1', 'private'],
  ['169.254.169.254', 'link-local'],
  ['100.64.0.1', 'of a carrier'],
  ['100.100.100.200', 'of a carrier'],
  ['224.0.0.1', 'multicast'],
  ['255.255.255.255', 'broadcast'],
  ['198.18.0.1', expect.any(String)],
  ['240.0.0.1', 'reserved'],
  ['::1', 'loopback'],
  ['[::1]', 'loopback'],
  ['::', 'unspecified'],
  ['fe80::1', 'link-local'],
  ['fd00:ec2::254', 'private'],
  ['ff02::1', 'multicast'],
  ['::ffff:10.0.0.1', 'private'],
  ['::ffff:7f00:1', 'loopback'],
  ['64:ff9b::7f00:1', expect.any(String)],
  ['2002:7f00:1::', expect.any(String)],
  ['2001:db8::1', expect.any(String)],
  ['::7f00:1', 'reserved'],
  ['4000::1', 'reserved'],
  ['93.184.216.34', null],
  ['2606:4700:4700::1111', null],
])('%s is %s', (address, why) => {
  expect(isAddress(address)).toBe(true);
  expect(whyNotPublic(address)).toEqual(why);
});

const nobody = new AbortController().signal;
const sent = (url: string) => ({ url, headers: { 'content-type': 'application/json' }, body: '{}' });
const at = (...addresses: string[]): LookupAddress[] =>
  addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

test('a name is looked up once for each attempt, and what was judged is what is connected to', async () => {
  await using server = await listening((_request, response) => response.writeHead(204).end());
  const answers = [at('127.0.0.1'), at('93.184.216.34', '127.0.0.1'), at('::ffff:169.254.169.254'), []];
  let looked = 0;
  const send = createSend('public', 1000, async () => answers[looked++] ?? []);
  const url = `http://rebinding.example:${server.port}/`;
  for (const why of ['loopback', 'loopback', 'link-local', 'no address']) {
    expect(await send(sent(url), nobody)).toEqual({ kind: 'failed', error: expect.stringContaining(why) });
  }
  expect([looked, server.seen]).toEqual([4, []]);
});

test('an address that needs no look-up is judged too', async () => {
  await using server = await listening((_request, response) => response.writeHead(204).end());
  const send = createSend('public', 1000);
  for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::1]', '[::ffff:127.0.0.1]']) {
    const came = await send(sent(`http://${host}:${server.port}/`), nobody);
    expect([host, came]).toEqual([host, { kind: 'failed', error: expect.stringContaining('loopback') }]);
  }
  expect(server.seen).toEqual([]);
});

test('an answer that is cut off, or never ends, counts by its status', async () => {
  await using server = await listening((_request, response) => response.writeHead(200).write('so far'));
  const send = createSend('all', 200);
  expect(await send(sent(server.url), nobody)).toEqual({
    kind: 'answered',
    status: 200,
    answer: 'so far',
    retry_after_ms: null,
  });
});

test('a receiver that switches protocols held its place for ever', async () => {
  await using server = await listening((_request, response) => {
    response.writeHead(101, { connection: 'upgrade', upgrade: 'x' }).end();
  });
  expect(await createSend('all', 10_000)(sent(server.url), nobody)).toEqual({
    kind: 'failed',
    error: 'The connection was closed without an answer',
  });
});

test('one that is cut off by us says so to nobody but us', async () => {
  await using server = await listening(() => stopping.abort(new Error('we stop')));
  const stopping = new AbortController();
  await expect(createSend('all', 10_000)(sent(server.url), stopping.signal)).rejects.toThrow('we stop');
});

test('it is tried over a day, and then given up', () => {
  const failed = { kind: 'failed', error: 'connect ECONNREFUSED' } as const;
  const day_ms = PAUSES_MS.reduce((sum, pause) => sum + pause, 0);
  expect(day_ms).toBeGreaterThan(23 * 3_600_000);
  expect(day_ms).toBeLessThan(25 * 3_600_000);
  expect(PAUSES_MS.map((_, index) => verdictOn(failed, index + 1))).toEqual(
    PAUSES_MS.map((in_ms) => ({ kind: 'again', in_ms })),
  );
  expect(verdictOn(failed, PAUSES_MS.length + 1)).toEqual({ kind: 'given_up' });
  const answered = (status: number) =>
    verdictOn({ kind: 'answered', status, answer: '', retry_after_ms: null }, 1).kind;
  expect([200, 204, 299, 301, 400, 410, 429, 500].map(answered)).toEqual([
    ...['delivered', 'delivered', 'delivered', 'again', 'again', 'gone', 'again', 'again'],
  ]);
});

test('a receiver that asks to be left alone is left alone, up to as long as any pause, and given up all the same', () => {
  const busy = (retry_after_ms: number | null) =>
    ({ kind: 'answered', status: 429, answer: '', retry_after_ms }) as const;
  const HOUR_MS = 3_600_000;
  expect([null, 0, HOUR_MS, 24 * HOUR_MS].map((ms) => verdictOn(busy(ms), 1))).toEqual(
    [PAUSES_MS[0], PAUSES_MS[0], HOUR_MS, 8 * HOUR_MS].map((in_ms) => ({ kind: 'again', in_ms })),
  );
  expect(verdictOn(busy(HOUR_MS), PAUSES_MS.length + 1)).toEqual({ kind: 'given_up' });
  const now = Date.parse('2026-06-01T00:00:00Z');
  expect(
    ['120', ' 7 ', 'Mon, 01 Jun 2026 00:01:00 GMT', 'Mon, 01 Jun 2020 00:00:00 GMT', 'soon', '-5', undefined].map(
      (given) => retryAfter(given, now),
    ),
  ).toEqual([120_000, 7000, 60_000, 0, null, 0, null]);
});

test('a receiver that gives its headers drop by drop, or without end, is waited for as long as any other', async () => {
  await using server = await listening(() => {});
  const dripping = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('HTTP/1.1 200 OK\r\n');
    const drip = setInterval(() => socket.write('x: y\r\n'), 5);
    socket.on('close', () => clearInterval(drip));
  }).listen(0, '127.0.0.1');
  await once(dripping, 'listening');
  const port = Object(dripping.address()).port;
  const send = createSend('all', 200);
  expect(await send(sent(`http://127.0.0.1:${port}/`), nobody)).toMatchObject({ kind: 'failed' });
  expect(await send(sent(server.url), nobody)).toEqual({ kind: 'failed', error: 'No answer within 0.2 s' });
  dripping.close();
});
