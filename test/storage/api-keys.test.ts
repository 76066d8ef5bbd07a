// Keys as rows: made, found by what opens, replaced with an overlap, revoked; and what the database refuses by itself.
import { eq, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { apiKeys, organizations } from '../../drizzle/schema.ts';
import { digestOf } from '../../server/access/key-text.ts';
import { keysFor } from '../../server/access/keys.ts';
import type { Principal } from '../../server/finetuning/principal.ts';
import { DEFAULT_ORGANIZATION } from '../../server/finetuning/record.ts';
import { keyStore } from '../../server/storage/api-keys.ts';
import { openDatabase } from '../../server/storage/database.ts';
import { createDatabase } from '../postgres/database.ts';

const OTHER = 'f'.repeat(24);
const MINUTE_MS = 60_000;
const unknown = { code: 'not_found' };
const principalIn = (organization_id: string): Principal => ({
  organization_id,
  who: 'key',
  id: 'admin',
  name: 'admin',
  scopes: ['admin'],
});

async function openKeys() {
  await using resources = new AsyncDisposableStack();
  const { url } = resources.use(await createDatabase());
  const { db } = resources.use(await openDatabase({ url }, () => {}));
  await db.insert(organizations).values({ id: OTHER, name: 'other', created_at: new Date().toISOString() });
  const time = { now: Date.parse('2026-06-01T00:00:00.000Z') };
  const forgotten = { times: 0 };
  const of = (organization_id: string) =>
    keysFor(
      keyStore(db),
      () => new Date(time.now).toISOString(),
      () => void forgotten.times++,
      principalIn(organization_id),
    );
  const opened = resources.move();
  return {
    db,
    store: keyStore(db),
    time,
    forgotten,
    ours: of(DEFAULT_ORGANIZATION),
    theirs: of(OTHER),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

test('a key is shown once: what opens is in no column, and is found by its digest', async () => {
  await using world = await openKeys();
  const made = await world.ours.create({ name: 'stopper', scopes: ['cancel'], expires_at: null });
  expect(made.key).toMatch(/^goldtune_[\w-]{43}$/);
  const [row] = await world.db.select().from(apiKeys);
  expect(JSON.stringify(row)).not.toContain(made.key);
  expect(row).toMatchObject({
    organization_id: DEFAULT_ORGANIZATION,
    name: 'stopper',
    scopes: ['cancel'],
    digest: digestOf(made.key),
    hint: made.key.slice(0, 13),
    created_by: 'admin',
    created_at: '2026-06-01T00:00:00.000Z',
    expires_at: null,
    last_used_at: null,
    revoked_at: null,
  });
  expect(await world.store.byDigest(digestOf(made.key))).toMatchObject({ id: made.id, scopes: ['cancel'] });
  expect(await world.store.byDigest(digestOf(`${made.key}x`))).toBeNull();
});

test('keys of another organization are not there: not in a list, not to be revoked, not to be replaced', async () => {
  await using world = await openKeys();
  const made = await world.ours.create({ name: 'ci', scopes: ['read', 'run'], expires_at: null });
  expect(await world.theirs.list({ limit: 10 })).toEqual([]);
  await expect(world.theirs.revoke(made.id)).rejects.toMatchObject(unknown);
  await expect(world.theirs.rotate(made.id, 0)).rejects.toMatchObject(unknown);
  expect(await world.ours.list({ limit: 10 })).toMatchObject([{ id: made.id, revoked_at: null, replaced_by: null }]);
  expect(world.forgotten.times).toBe(0);
});

test('keys are listed newest first, a page at a time', async () => {
  await using world = await openKeys();
  const ids: string[] = [];
  for (const name of ['a', 'b', 'c']) {
    ids.unshift((await world.ours.create({ name, scopes: ['read'], expires_at: null })).id);
  }
  const first = await world.ours.list({ limit: 2 });
  const rest = await world.ours.list({ limit: 2, after: first.at(-1)?.id });
  expect([...first, ...rest].map(({ id }) => id)).toEqual(ids);
});

test('a key is replaced with an overlap: the new one opens the same for as long, the old one until the overlap is over', async () => {
  await using world = await openKeys();
  const expires_at = '2026-07-01T00:00:00.000Z';
  const old = await world.ours.create({ name: 'ci', scopes: ['read', 'run'], expires_at });
  world.time.now = Date.parse('2026-06-21T00:00:00.000Z');
  const { made, replaced } = await world.ours.rotate(old.id, 5 * MINUTE_MS);
  expect(made).toMatchObject({ name: 'ci', scopes: ['read', 'run'], expires_at: '2026-07-21T00:00:00.000Z' });
  expect(made.key).not.toBe(old.key);
  expect(replaced).toMatchObject({ id: old.id, replaced_by: made.id, expires_at: '2026-06-21T00:05:00.000Z' });
  expect(await world.store.byDigest(digestOf(made.key))).toMatchObject({ id: made.id, created_by: 'admin' });
  expect(world.forgotten.times).toBe(1);
});

test('an overlap never lets a key open for longer than it was to', async () => {
  await using world = await openKeys();
  const expires_at = new Date(world.time.now + MINUTE_MS).toISOString();
  const old = await world.ours.create({ name: 'ci', scopes: ['read'], expires_at });
  expect((await world.ours.rotate(old.id, 60 * MINUTE_MS)).replaced.expires_at).toBe(expires_at);
});

test('of ten that replace a key at once one does, and nothing of the others is stored', async () => {
  await using world = await openKeys();
  const old = await world.ours.create({ name: 'ci', scopes: ['read'], expires_at: null });
  const tries = await Promise.allSettled(Array.from({ length: 10 }, () => world.ours.rotate(old.id, MINUTE_MS)));
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  const refused = tries.find((each) => each.status === 'rejected');
  expect(refused?.reason).toMatchObject({ code: 'invalid', message: expect.stringContaining('was replaced before') });
  expect(await world.ours.list({ limit: 100 })).toHaveLength(2);
});

test('a revoked key keeps the time of its first revoking, and neither it nor an expired one is replaced', async () => {
  await using world = await openKeys();
  const expires_at = new Date(world.time.now + MINUTE_MS).toISOString();
  const [revoked, expired] = [
    await world.ours.create({ name: 'lost', scopes: ['admin'], expires_at: null }),
    await world.ours.create({ name: 'old', scopes: ['read'], expires_at }),
  ];
  const first = await world.ours.revoke(revoked.id);
  expect(first.revoked_at).toBe('2026-06-01T00:00:00.000Z');
  world.time.now += MINUTE_MS;
  expect((await world.ours.revoke(revoked.id)).revoked_at).toBe(first.revoked_at);
  await expect(world.ours.rotate(revoked.id, 0)).rejects.toThrow('The API key "lost" was revoked');
  await expect(world.ours.rotate(expired.id, 0)).rejects.toThrow('The API key "old" has expired');
  await expect(world.ours.create({ name: 'x', scopes: ['read'], expires_at })).rejects.toMatchObject({
    fields: [{ loc: ['body', 'expires_at'] }],
  });
  expect(await world.ours.list({ limit: 100 })).toHaveLength(2);
});

test('an earlier use does not take the place of a later one', async () => {
  await using world = await openKeys();
  const { id } = await world.ours.create({ name: 'ci', scopes: ['read'], expires_at: null });
  for (const minute of ['01', '03', '02']) await world.store.used(id, `2026-06-01T00:${minute}:00.000Z`);
  expect(await world.ours.list({ limit: 1 })).toMatchObject([{ last_used_at: '2026-06-01T00:03:00.000Z' }]);
});

test.each([
  ['scopes that grow', `scopes = '{read,admin}'`, 'what it opens never changes'],
  ['a key that moves to another organization', `organization_id = '${OTHER}'`, 'what it opens never changes'],
  ['another digest', `digest = '${'0'.repeat(64)}'`, 'what it opens never changes'],
  ['a revoked key that opens again', 'revoked_at = null', 'a revoked key stays revoked'],
  ['a later end', `expires_at = '2100-01-01'`, 'never expires later'],
  ['no end any more', 'expires_at = null', 'never expires later'],
])('the database refuses %s', async (_what, change, reason) => {
  await using world = await openKeys();
  const made = await world.ours.create({ name: 'ci', scopes: ['read'], expires_at: '2026-07-01T00:00:00.000Z' });
  await world.ours.revoke(made.id);
  await expect(world.db.execute(sql.raw(`update api_keys set ${change}`))).rejects.toMatchObject({
    cause: { message: expect.stringContaining(reason) },
  });
});

test('the database refuses scopes that there are none of, a key without any, and that a key vanishes', async () => {
  await using world = await openKeys();
  const made = await world.ours.create({ name: 'ci', scopes: ['read'], expires_at: null });
  const insert = (scopes: string) =>
    world.db.execute(
      sql.raw(`insert into api_keys (id, organization_id, name, scopes, digest, hint, created_by, created_at)
        values ('${'e'.repeat(24)}', '${OTHER}', 'x', '${scopes}', '${'0'.repeat(64)}', 'x', 'x', now())`),
    );
  const refused = { cause: { constraint: 'api_keys_scopes' } };
  await expect(insert('{}')).rejects.toMatchObject(refused);
  await expect(insert('{read,everything}')).rejects.toMatchObject(refused);
  await expect(world.db.delete(apiKeys).where(eq(apiKeys.id, made.id))).rejects.toMatchObject({
    cause: { message: expect.stringContaining('history is kept') },
  });
});
