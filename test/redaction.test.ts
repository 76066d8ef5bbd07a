// What is cut out of texts: secrets, their spellings and their parts, and nothing else.
import { describe, expect, test } from 'vitest';
import { newKeyText } from '../server/access/key-text.ts';
import { redactionOf } from '../server/redaction.ts';

const key = 'sk-proj-Ab3dEf6hIj9kLmN0pQr/sT"uV';
const redact = redactionOf([key, 'short-pw7']);

test('the end that a mask leaves goes too', () => {
  expect(redactionOf(['sk-proj-0123456789abWXYZ'])('provided: **************WXYZ. Find yours at')).toBe(
    'provided: [secret]. Find yours at',
  );
});

describe('of a key', () => {
  test.each([
    ['as it is', `Incorrect API key provided: ${key}.`, 'Incorrect API key provided: [secret].'],
    ['in a header', `"authorization":"Bearer ${key}"`, '"authorization":"Bearer [secret]"'],
    ['as JSON writes it', JSON.stringify({ key }), '{"key":"[secret]"}'],
    ['as a URL writes it', `/v1?key=${encodeURIComponent(key)}&a=1`, '/v1?key=[secret]&a=1'],
    ['masked, as providers echo it', 'provided: sk-proj-********.', 'provided: [secret].'],
    ['its beginning', 'the key sk-proj-Ab3dEf… is unknown', 'the key [secret] is unknown'],
    ['a piece from within', 'near "Ef6hIj9kLm"', 'near "[secret]"'],
    ['in two pieces', `${key.slice(0, 12)} ${key.slice(12)}`, '[secret] [secret]'],
    ['the beginning that a cut left', 'Headers.append: "Bearer sk-pr', 'Headers.append: "Bearer [secret]'],
  ])('%s nothing is left', (_how, text, cleaned) => {
    expect(redact(text)).toBe(cleaned);
  });

  test.each([0, 1, 2])('in base64 with %i bytes before it, no part can be read', (before) => {
    const packed = Buffer.from(`${'x'.repeat(before)}${key}:`).toString('base64');
    const left = redact(`Basic ${packed}`).replace(/^Basic /, '');
    expect(left).toContain('[secret]');
    expect(left.replace('[secret]', '').length).toBeLessThan(10);
  });
});

test('a short secret is cut out where it stands as a word of its own, and no word is torn', () => {
  expect(redact('password "short-pw7" for postgres://user:short-pw7@host/db')).toBe(
    'password "[secret]" for postgres://[secret]@host/db',
  );
  expect(redact('short-pw72 and a-short-pw7')).toBe('short-pw72 and a-short-pw7');
});

test('a line of JSON stays one', () => {
  const line = JSON.stringify({ port: 5432, message: 'the password 5432 is wrong' });
  expect(JSON.parse(redactionOf(['5432'])(line))).toEqual({ port: 5432, message: 'the password [secret] is wrong' });
});

test('the user and password of any address go, whosever they are', () => {
  expect(redact('connect to http://some:body@proxy:3128/ failed')).toBe(
    'connect to http://[secret]@proxy:3128/ failed',
  );
});

test('keys of goldtune and secrets of webhooks go, whosever they are: whole, as a URL has them, and cut off', () => {
  const { text: key, hint } = newKeyText();
  const secret = 'whsec_TG9uZyBlbm91Z2ggdG8g+mZl/3VzZWQgYXMgb25lLi4=';
  for (const each of [key, secret, encodeURIComponent(secret), key.slice(0, 40), `goldtune%5F${key.slice(9)}`]) {
    expect(redact(`GET /api/v1/keys/${each}`)).toBe('GET /api/v1/keys/[secret]');
    expect(redact(JSON.stringify({ path: `/x/${each}`, status: 404 }))).toBe('{"path":"/x/[secret]","status":404}');
  }
  // By which a key is known again, and names of databases.
  for (const text of [hint, 'goldtune_production', 'goldtune_finetuning']) expect(redact(text)).toBe(text);
});

test('other texts are left as they are, and words that a secret is made of too', () => {
  const own = redactionOf(['goldtune-production-key-7Hq2']);
  for (const text of ['goldtune listens on http://127.0.0.1:8080', 'waiting... done', '2026-11-25T08:00:00.000Z', '']) {
    expect(own(text)).toBe(text);
    expect(redactionOf([])(text)).toBe(text);
  }
});

test('a long text takes no more than a look at each character', () => {
  expect(redact(`${'x-'.repeat(500_000)}${key}`)).toHaveLength(1_000_000 + '[secret]'.length);
});
