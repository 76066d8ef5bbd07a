// The token of Slurm: read for each request where it is in a file, and what is said where it is not accepted.
import { execFileSync } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { KnownSecrets } from '../../../server/known-secrets.ts';
import { emptyReply } from '../../../server/provider/slurm/replies.ts';
import { type Access, requests } from '../../../server/provider/slurm/request.ts';
import { endedAt } from '../../../server/provider/slurm/token.ts';
import { within } from '../../deadline.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { listening } from '../listening.ts';

const jwt = (exp: number) => `e30.${Buffer.from(JSON.stringify({ exp, sun: 'me' })).toString('base64url')}.c2lnbmVk`;
const ENDED = jwt(1_700_000_000);

/** Of a process, for all its files. */
const THREADS = 4;

const soon = () => AbortSignal.timeout(60_000);

/** A daemon that answers all alike, and whom it was asked as. */
async function daemon(status: number, body: string) {
  const asked: unknown[] = [];
  const server = await listening((request, response) => {
    asked.push(request.headers['x-slurm-user-token']);
    response.writeHead(status).end(body);
  });
  const with_ = (token: Access['token']) =>
    requests({ address: new URL(server.url).origin, apiVersion: 'v0.0.38', user: 'me', token });
  return { asked, with: with_, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const error = (error_number: number) => JSON.stringify({ errors: [{ error_number, error: 'as Slurm says it' }] });

test('a token in a file is read for each request, so that the next one is taken up', async () => {
  await using place = await temporaryDirectory();
  await using server = await daemon(200, '{}');
  const file = join(place.path, 'token');
  const read: string[] = [];
  const { send } = server.with({ file, onRead: (token) => read.push(token) });
  for (const token of ['first', 'second\n']) {
    await writeFile(file, token);
    expect(await send(soon(), emptyReply, 'GET', '/jobs/')).toMatchObject({ kind: 'done' });
  }
  expect(server.asked).toEqual(['first', 'second']);
  expect(read).toEqual(['first', 'second']);
});

test('a token file that hung took each thread that reads files, one for each request', async () => {
  await using place = await temporaryDirectory();
  await using server = await daemon(200, '{}');
  const file = join(place.path, 'token');
  // Nobody writes into it, so it is read for ever.
  execFileSync('mkfifo', [file]);
  const { send } = server.with({ file, onRead: () => {} });
  const asked = Array.from({ length: THREADS }, () => send(soon(), emptyReply, 'GET', '/jobs/'));
  try {
    await within(readdir(place.path), 'another file is read', 30_000);
  } finally {
    execFileSync('sh', ['-c', 'printf of-me >"$0"', file]);
  }
  for (const outcome of await Promise.all(asked)) expect(outcome).toMatchObject({ kind: 'done' });
  expect(server.asked).toEqual(Array.from({ length: THREADS }, () => 'of-me'));
});

test.each([
  ['is not there', null],
  ['is empty', '\n'],
  ['holds two lines', 'one\ntwo\n'],
])('nothing is sent while the file of the token %s, and that is said', async (_what, content) => {
  await using place = await temporaryDirectory();
  await using server = await daemon(200, '{}');
  const file = join(place.path, 'token');
  if (content !== null) await writeFile(file, content);
  const { send, submit } = server.with({ file, onRead: () => {} });
  const unknown = { kind: 'unknown', reason: expect.stringContaining(file) };
  expect(await send(soon(), emptyReply, 'GET', '/jobs/')).toMatchObject(unknown);
  expect(await submit({}, soon())).toMatchObject(unknown);
  expect(server.asked).toEqual([]);
});

test.each([
  ['as Slurm 22.05 says it', 500, error(-1), 'unknown', 'unknown'],
  ['as Slurm 24.11 says it', 511, error(1007), 'refused', 'unknown'],
  ['in plain text', 401, 'Authentication failure', 'refused', 'unknown'],
])(
  'a token that has ended is told as that, and never refuses a create: %s',
  async (_how, status, body, look, create) => {
    await using server = await daemon(status, body);
    const { send, submit } = server.with(ENDED);
    const looked = await send(soon(), emptyReply, 'GET', '/jobs/');
    expect(looked.kind).toBe(look);
    for (const outcome of [looked, await submit({}, soon())])
      expect(JSON.stringify(outcome)).toContain(
        'the token ended at 2023-11-14T22:13:20.000Z; start goldtune again with another',
      );
    expect((await submit({}, soon())).kind).toBe(create);
  },
);

test('nothing is said of a token that has not ended, where something else may be wrong', async () => {
  await using server = await daemon(500, error(-1));
  for (const token of [jwt(Date.now() / 1000 + 3600).replace(/\.\d+/, ''), 'no token at all', null])
    expect(JSON.stringify(await server.with(token).send(soon(), emptyReply, 'GET', '/jobs/'))).not.toContain('token');
});

test('whether a token has ended is what it says itself, and nothing of one that says no such thing', () => {
  expect(endedAt(jwt(2000), 1_999_999)).toBeNull();
  expect(endedAt(jwt(2000), 2_000_000)).toBe('1970-01-01T00:33:20.000Z');
  for (const odd of [
    null,
    '',
    'x',
    'a.b.c',
    jwt(-1),
    jwt(1e300),
    `e30.${Buffer.from('{"exp":"x"}').toString('base64url')}.x`,
  ])
    expect(endedAt(odd)).toBeNull();
});

test('a token that was read under way is kept out of texts as one of the configuration is', () => {
  const secrets = new KnownSecrets(['of-configuration-4711']);
  const [next, later] = ['Kx81hQ0pZr7uWm2s', 'Vb64jT9yNe3aLc5d'];
  expect(secrets.text(`it says ${next}`)).toContain(next);
  for (const secret of [next, later, next]) secrets.add(secret);
  for (const secret of ['of-configuration-4711', next, later]) {
    expect(secrets.text(`it says ${secret}.`)).toBe('it says [secret].');
    expect(secrets.spoils(`job-${secret}`)).toBe(true);
  }
  expect(secrets.text('it says nothing')).toBe('it says nothing');
});
