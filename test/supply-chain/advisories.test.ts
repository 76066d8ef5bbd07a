// An advisory about what ships fails the gate unless it is written down; a registry that does not answer does not.
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type Accepted, accepted } from './accepted-advisories.ts';
import { adviseOnShipped } from './advisories.ts';

const GHSA = 'GHSA-aaaa-bbbb-cccc';
const advisory = {
  id: 1,
  url: `https://github.com/advisories/${GHSA}`,
  title: 'it says too much',
  severity: 'low',
  vulnerable_versions: '<9999',
};
const exception: Accepted = { id: GHSA, why: 'a test', since: '2026-01-01', until: '2026-03-01' };
const TODAY = '2026-02-01';

/** A registry that knows advisories and no package; null: it does not answer that question. */
async function registry(advisories: Record<string, unknown[]> | null) {
  let asked: Record<string, string[]> = {};
  const server = createServer(async (request, answer) => {
    const body = await buffer(request);
    const isQuestion = request.method === 'POST' && request.url?.endsWith('/advisories/bulk') === true;
    if (!isQuestion || advisories === null) return void answer.writeHead(isQuestion ? 405 : 404).end('{}');
    const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
    asked = z.record(z.string(), z.array(z.string())).parse(JSON.parse(plain.toString()));
    answer.setHeader('content-type', 'application/json').end(JSON.stringify(advisories));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  return {
    env: { ...process.env, npm_config_registry: `http://127.0.0.1:${port}/`, npm_config_noproxy: '127.0.0.1' },
    asked: () => Object.keys(asked),
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

test('the registry is asked about all that ships, and not about what only tests need', async () => {
  await using clean = await registry({});
  expect(await adviseOnShipped([], TODAY, clean.env)).toEqual({ kind: 'asked', problems: [] });
  expect(clean.asked()).toEqual(expect.arrayContaining(['pg', 'zod', 'hono', 'eventsource', '@azure/msal-node']));
  // Of what a package that ships could use if it was there, as vitest, npm asks too.
  expect(clean.asked()).not.toContain('oidc-provider');
});

test('an advisory about a package, deep in the tree too, is told once, with where to read on', async () => {
  await using one = await registry({ 'emoji-regex': [advisory] });
  const told = `emoji-regex: it says too much (low, ${advisory.url})`;
  expect(await adviseOnShipped([], TODAY, one.env)).toEqual({ kind: 'asked', problems: [told] });
});

test('one that is accepted is not told, until the day that it is to be looked at again', async () => {
  await using one = await registry({ 'emoji-regex': [advisory] });
  expect(await adviseOnShipped([exception], TODAY, one.env)).toEqual({ kind: 'asked', problems: [] });
  expect(await adviseOnShipped([exception], exception.until, one.env)).toMatchObject({
    problems: [expect.stringContaining(GHSA)],
  });
});

test('an exception stays no longer than what it is for', async () => {
  await using clean = await registry({});
  expect(await adviseOnShipped([exception], TODAY, clean.env)).toEqual({
    kind: 'asked',
    problems: [`${GHSA} is accepted and not there: take it out`],
  });
});

test('a registry that cannot be reached, or does not answer that question, is told as not asked, and never as clean', async () => {
  await using mute = await registry(null);
  expect(await adviseOnShipped([exception], TODAY, mute.env)).toMatchObject({ kind: 'not_asked' });
  const gone = { ...mute.env, npm_config_registry: 'http://127.0.0.1:9/' };
  expect(await adviseOnShipped([], TODAY, gone)).toMatchObject({ kind: 'not_asked' });
  expect(await adviseOnShipped([], TODAY, { ...gone, npm_config_offline: 'true' })).toMatchObject({
    kind: 'not_asked',
  });
});

test('each exception that is written down says why, since when, and until when, no later than half a year after', () => {
  for (const { id, why, since, until } of accepted) {
    expect(id).toMatch(/^GHSA(-[\da-z]{4}){3}$/);
    expect(why.length).toBeGreaterThan(20);
    expect(Date.parse(until) - Date.parse(since)).toBeLessThanOrEqual(184 * 86_400_000);
  }
});
