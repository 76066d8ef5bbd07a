// `goldtune keys …`: a key printed alone for whoever keeps it, and taken back.
import { expect, test } from 'vitest';
import { moment, span } from '../../../client/src/cli/option-values.ts';
import { startWorld } from '../../world.ts';
import { json, run } from './command-line.ts';

const ADMIN_API_KEY = 'a-secret-of-the-test';
const HOUR_MS = 3_600_000;

test('a key for who is on call is printed alone, stops runs and starts none, until it is revoked', async () => {
  await using world = await startWorld({ env: { ADMIN_API_KEY } });
  const url = world.app.url;
  const as = (key: string) => ({ url, env: { GOLDTUNE_API_KEY: key } });
  const admin = as(ADMIN_API_KEY);
  const asked = Date.now();
  const create = ['keys', 'create', 'on\u001b[2J call', '--scope', 'read', '--scope', 'cancel', '--expires', '90d'];
  const made = await run(create, admin);
  expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^goldtune_[\w-]{43}\n$/) });
  expect(made.stderr).toMatch(
    /^Key [0-9a-f]{24}, "on \[2J call", may read, cancel, and expires at \S+Z\. It is shown this once: keep it now\.\n$/,
  );
  const key = made.stdout.trim();
  const id = /[0-9a-f]{24}/.exec(made.stderr)?.[0] ?? '';
  const expires = Date.parse(/at (\S+Z)/.exec(made.stderr)?.[1] ?? '');
  expect(Math.abs(expires - asked - 90 * 24 * HOUR_MS)).toBeLessThan(HOUR_MS);

  const start = ['finetunings', 'create', '--connection', 'a'.repeat(24)];
  expect(await run(start, as(key))).toMatchObject({
    code: 6,
    stdout: '',
    stderr: expect.stringContaining('may read, cancel; this needs run as well.'),
  });
  expect(await run(['finetunings', 'cancel', 'a'.repeat(24)], as(key))).toMatchObject({ code: 5 });
  const list = await run(['keys', 'list'], admin);
  expect(list.stdout).toMatch(
    new RegExp(`^${id} +on \\[2J call +read,cancel +valid +\\S+Z .* +${key.slice(0, 13)}$`, 'm'),
  );
  expect(list.stdout + list.stderr).not.toContain(key);

  const revoked = await run(['keys', 'revoke', id], admin);
  expect(revoked).toEqual({ code: 0, stdout: `${id}, "on [2J call", opens nothing any more\n`, stderr: '' });
  expect(await run(['finetunings', 'list'], as(key))).toMatchObject({
    code: 6,
    stderr: expect.stringContaining('was revoked'),
  });
  expect(await run(['keys', 'revoke', 'a'.repeat(24)], admin)).toMatchObject({ code: 5, stdout: '' });
});

test('a key is rotated with an overlap, or at once, and --json has all of it in one document', async () => {
  await using world = await startWorld();
  const url = world.app.url;
  const made = Object(await json(['keys', 'create', 'ci', '--scope', 'read,run'], url));
  expect(made).toMatchObject({ name: 'ci', scopes: ['read', 'run'], expires_at: null, standing: 'valid' });
  const rotated = await run(['keys', 'rotate', made.id, '--overlap', '12h'], { url });
  expect(rotated.stdout).toMatch(/^goldtune_[\w-]{43}\n$/);
  expect(rotated.stderr).toMatch(new RegExp(`does not expire.* The old one, ${made.id}, opens until \\S+Z\\.\n$`));
  const listed = Object.values(Object(await json(['keys', 'list'], url))).map((key) => Object(key));
  const [successor, old] = listed;
  expect(listed).toMatchObject([{ standing: 'valid' }, { id: made.id, replaced_by: successor.id }]);
  expect(Date.parse(old.expires_at) - Date.now()).toBeLessThan(12 * HOUR_MS);
  const again = await json(['keys', 'rotate', successor.id, '--overlap', '0'], url);
  expect(again).toMatchObject({ key: expect.any(String), replaces: { id: successor.id, standing: 'expired' } });
  expect(await run(['keys', 'rotate', made.id], { url })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('was replaced before'),
  });
});

test('a key without a scope, and one with a scope that there is not, are refused before anything is sent', async () => {
  expect(await run(['keys', 'create', 'x'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--scope') });
  expect(await run(['keys', 'create', 'x', '--scope', 'cancle'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Did you mean cancel?'),
  });
  expect(await run(['keys', 'rotate', 'x', '--overlap', '7'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('such as 30m, 12h or 7d'),
  });
});

test('a time is given with its unit, and a moment as it is', () => {
  expect(['0', '90s', '30m', '12h', '7d'].map(span)).toEqual([0, 90_000, 1_800_000, 12 * HOUR_MS, 7 * 24 * HOUR_MS]);
  expect(moment('2027-03-01T00:00:00Z')).toBe('2027-03-01T00:00:00Z');
  expect(Date.parse(moment('1d')) - Date.now()).toBeGreaterThan(23 * HOUR_MS);
});
