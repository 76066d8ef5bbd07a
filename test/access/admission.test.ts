// Who is let in, as whom, and how often the database is asked for it.
import { expect, test } from 'vitest';
import { type AdmissionOptions, openAdmission } from '../../server/access/admission.ts';
import { MOST_GUESSES } from '../../server/access/guesses.ts';
import { isKeyText, newKeyText } from '../../server/access/key-text.ts';
import { FRESH_MS } from '../../server/access/known-keys.ts';
import { NO_KEY, WRONG_KEY } from '../../server/finetuning/admission.ts';
import { identityOf } from '../../server/finetuning/principal.ts';
import { DEFAULT_ORGANIZATION } from '../../server/finetuning/record.ts';
import { Unavailable } from '../../server/finetuning/unavailable.ts';
import { until } from '../until.ts';
import { ORGANIZATION, storeOfOne } from './key.ts';

const ADMIN = 'a-secret-of-the-test';
const START = Date.parse('2026-06-01T00:00:00.000Z');

function opened(store: AdmissionOptions['store'], adminApiKey: string | null = ADMIN) {
  const time = { ms: 0 };
  const warned: string[] = [];
  const admission = openAdmission({
    store,
    clock: () => new Date(START + time.ms).toISOString(),
    monotonic: () => time.ms,
    log: { info() {}, warn: (_fields, message) => void warned.push(message), error() {} },
    adminApiKey: adminApiKey ?? undefined,
  });
  return { admission, time, warned };
}

test('a key is let in as its organization, with its own name and scopes', async () => {
  const { store, text } = storeOfOne();
  const { admission } = opened(store);
  expect(await admission.principalOf(text)).toEqual({
    organization_id: ORGANIZATION,
    who: 'key',
    id: 'b'.repeat(24),
    name: 'ci',
    scopes: ['read', 'cancel'],
  });
});

test('the key of the configuration opens everything of the default organization, and no database is asked', async () => {
  const { store, asked } = storeOfOne();
  const { admission } = opened(store);
  expect(await admission.principalOf(ADMIN)).toEqual({
    organization_id: DEFAULT_ORGANIZATION,
    who: 'key',
    id: 'admin',
    name: 'admin',
    scopes: ['admin'],
  });
  expect(asked).toEqual([]);
});

test('without a key in the configuration this machine is let in, and a key of ours still stands for its own organization', async () => {
  const { store, text } = storeOfOne();
  const { admission } = opened(store, null);
  const local = { organization_id: DEFAULT_ORGANIZATION, who: 'local', id: 'local', name: 'local', scopes: ['admin'] };
  expect(await admission.principalOf(null)).toEqual(local);
  // As clients of other services send it, whether it is needed or not.
  expect(await admission.principalOf('sk-whatever')).toEqual(local);
  expect(await admission.principalOf(text)).toMatchObject({ organization_id: ORGANIZATION, name: 'ci' });
  await expect(admission.principalOf(newKeyText().text)).rejects.toThrow(WRONG_KEY);
});

test.each([
  ['none', null, NO_KEY],
  ['one that was made up', 'a-secret-of-the-tesT', WRONG_KEY],
  ['one of ours that nobody has', newKeyText().text, WRONG_KEY],
])('%s is refused', async (_what, credential, words) => {
  const { store, asked } = storeOfOne();
  const { admission } = opened(store);
  await expect(admission.principalOf(credential)).rejects.toMatchObject({ code: 'unauthorized', message: words });
  expect(asked).toHaveLength(credential !== null && isKeyText(credential) ? 1 : 0);
});

test('a key opens until it expires, to the moment, though it was looked up before', async () => {
  const { store, text } = storeOfOne({ expires_at: new Date(START + 1000).toISOString() });
  const { admission, time } = opened(store);
  time.ms = 999;
  expect(await admission.principalOf(text)).toMatchObject({ name: 'ci' });
  time.ms = 1000;
  await expect(admission.principalOf(text)).rejects.toMatchObject({
    code: 'unauthorized',
    message: 'The API key "ci" expired at 2026-06-01T00:00:01.000Z.',
  });
});

test('a key that another process has revoked opens for five seconds at the most, and in this process not once', async () => {
  const { store, text, held } = storeOfOne();
  const { admission, time } = opened(store);
  await admission.principalOf(text);
  held.key = { ...held.key, revoked_at: new Date(START).toISOString() };
  time.ms = FRESH_MS - 1;
  expect(await admission.principalOf(text)).toMatchObject({ name: 'ci' });
  admission.forget();
  await expect(admission.principalOf(text)).rejects.toMatchObject({
    message: 'The API key "ci" was revoked at 2026-06-01T00:00:00.000Z.',
  });

  held.key = { ...held.key, revoked_at: null };
  admission.forget();
  await admission.principalOf(text);
  held.key = { ...held.key, revoked_at: new Date(START).toISOString() };
  time.ms += FRESH_MS;
  await expect(admission.principalOf(text)).rejects.toMatchObject({ code: 'unauthorized' });
});

test('a look-up that was under way while its key was revoked is not remembered', async () => {
  const { store, text, held, asked } = storeOfOne();
  const slow = Promise.withResolvers<void>();
  let isSlow = true;
  const { admission } = opened({
    ...store,
    async byDigest(digest) {
      const found = await store.byDigest(digest);
      if (isSlow) await slow.promise;
      return found;
    },
  });
  const early = admission.principalOf(text);
  await until(() => asked.length > 0, 'it is looked up');
  held.key = { ...held.key, revoked_at: new Date(START).toISOString() };
  admission.forget();
  isSlow = false;
  await expect(admission.principalOf(text)).rejects.toMatchObject({ code: 'unauthorized' });
  slow.resolve();
  await early;
  await expect(admission.principalOf(text)).rejects.toMatchObject({ code: 'unauthorized' });
});

test('a hundred requests at once look their key up once, and one that nobody has is asked for each time', async () => {
  const { store, text, asked } = storeOfOne();
  const { admission } = opened(store);
  await Promise.all(Array.from({ length: 100 }, () => admission.principalOf(text)));
  expect(asked).toHaveLength(1);
  const { text: unknown } = newKeyText();
  for (let i = 0; i < 2; i++) await expect(admission.principalOf(unknown)).rejects.toThrow(WRONG_KEY);
  expect(asked).toHaveLength(3);
});

test('a database that cannot be asked does not make a key wrong: the caller is to come back, and is let in then', async () => {
  const { store, text } = storeOfOne();
  let isDown = true;
  const { admission } = opened({
    ...store,
    byDigest: async (digest) => {
      if (isDown) throw new Unavailable('The database cannot be reached');
      return store.byDigest(digest);
    },
  });
  await expect(admission.principalOf(text)).rejects.toMatchObject({ code: 'unavailable' });
  expect(await admission.principalOf(ADMIN)).toMatchObject({ name: 'admin' });
  isDown = false;
  expect(await admission.principalOf(text)).toMatchObject({ name: 'ci' });
});

test('the last use is noted once a minute, and a key opens though it cannot be', async () => {
  const { store, text, used } = storeOfOne();
  const { admission, time, warned } = opened(store);
  for (time.ms = 0; time.ms < 120_000; time.ms += 10_000) await admission.principalOf(text);
  await admission[Symbol.asyncDispose]();
  expect(used).toEqual(['2026-06-01T00:00:00.000Z', '2026-06-01T00:01:00.000Z']);
  expect(warned).toEqual([]);

  const other = opened({
    ...store,
    used: async () => {
      throw new Unavailable('The database takes no writes at the moment');
    },
  });
  expect(await other.admission.principalOf(text)).toMatchObject({ name: 'ci' });
  await other.admission[Symbol.asyncDispose]();
  expect(other.warned).toEqual(['the last use of a key could not be noted']);
});

test('of made-up keys from one address few are looked up, one after the other, and a right one among them too', async () => {
  const { store, asked, text } = storeOfOne();
  const { admission, time } = opened(store);
  const guess = (from: string) =>
    admission.principalOf(newKeyText().text, from).then(String, (error: unknown) => Object(error).code);
  const answers = await Promise.all(Array.from({ length: 200 }, () => guess('192.0.2.1')));
  const lookedUp = MOST_GUESSES + 50;
  expect(answers.filter((code) => code === 'unauthorized')).toHaveLength(lookedUp);
  expect(answers.filter((code) => code === 'rate_limited')).toHaveLength(200 - lookedUp);
  expect(asked).toHaveLength(lookedUp);
  // Behind a proxy it comes from the address of who guesses; a stop with it must not wait for a minute.
  expect(await admission.principalOf(text, '192.0.2.1')).toMatchObject({ name: 'ci' });
  await expect(admission.principalOf('not even a key', '192.0.2.1')).rejects.toMatchObject({
    code: 'rate_limited',
    message: 'From this address came 60 wrong API keys within a minute; others are looked up again in 60 s.',
  });
  expect(await guess('192.0.2.2')).toBe('unauthorized');
  expect(await admission.principalOf(text, '192.0.2.2')).toMatchObject({ name: 'ci' });
  // A stop must not wait for somebody else behind the same proxy.
  expect(await admission.principalOf(ADMIN, '192.0.2.1')).toMatchObject({ name: 'admin' });
  time.ms += FRESH_MS;
  expect(await admission.principalOf(text, '192.0.2.1')).toMatchObject({ name: 'ci' });
  time.ms = 60_000;
  expect(await guess('192.0.2.1')).toBe('unauthorized');
});

test('right keys are never counted as guesses, nor what the database could not say', async () => {
  const { store, text } = storeOfOne();
  const { admission, time } = opened(store);
  for (let asked = 0; asked < 2 * MOST_GUESSES; asked++) {
    admission.forget();
    await admission.principalOf(text, '192.0.2.1');
  }
  const { admission: blind } = opened({ ...store, byDigest: () => Promise.reject(new Unavailable('It is away')) });
  for (let asked = 0; asked < 2 * MOST_GUESSES; asked++) {
    await expect(blind.principalOf(text, '192.0.2.1')).rejects.toMatchObject({ code: 'unavailable' });
  }
  expect(time.ms).toBe(0);
});

test('a key that was let in is not taken for a guess because another was revoked, or the database was away', async () => {
  const { store, text } = storeOfOne();
  let isAway = false;
  const { admission, time } = opened({
    ...store,
    byDigest: (digest) => (isAway ? Promise.reject(new Unavailable('It is away')) : store.byDigest(digest)),
  });
  await admission.principalOf(text, '192.0.2.1');
  const guess = () =>
    admission.principalOf('not even a key', '192.0.2.1').catch((error: unknown) => Object(error).code);
  for (let tries = 0; tries <= MOST_GUESSES; tries++) await guess();
  expect(await guess()).toBe('rate_limited');
  admission.forget();
  expect(await admission.principalOf(text, '192.0.2.1')).toMatchObject({ name: 'ci' });
  time.ms += FRESH_MS;
  isAway = true;
  await expect(admission.principalOf(text, '192.0.2.1')).rejects.toMatchObject({ code: 'unavailable' });
  isAway = false;
  expect(await admission.principalOf(text, '192.0.2.1')).toMatchObject({ name: 'ci' });
});

test('two keys of one name are two callers', async () => {
  const one = storeOfOne({ id: '1'.repeat(24) });
  const other = storeOfOne({ id: '2'.repeat(24) });
  const identities = await Promise.all(
    [one, other].map(async ({ store, text }) => identityOf(await opened(store).admission.principalOf(text))),
  );
  expect(new Set(identities).size).toBe(2);
});
