// A stream ends with the key that opened it, whichever process was told that the key opens nothing any more.
import { expect, test } from 'vitest';
import { createClient, isGoldtuneError } from '../../client/src/index.ts';
import { type App, startApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import { bodyOf, startWorld, type World } from '../world.ts';

const ADMIN_API_KEY = 'a-secret-of-the-test';
const admin = { authorization: `Bearer ${ADMIN_API_KEY}` };

const keyIn = async (world: World, name: string) => {
  const made = bodyOf(await world.request('POST', '/api/v1/keys', { name, scopes: ['read'] }, admin), 201);
  return { id: String(made['id']), key: String(made['key']) };
};

async function openStream({ url }: Pick<App, 'url'>, path: string, key: string) {
  const headers = { accept: 'text/event-stream', authorization: `Bearer ${key}` };
  const response = await fetch(`${url}${path}`, { headers });
  const stream = { status: response.status, text: '', isOver: false };
  void (async () => {
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) stream.text += chunk;
    stream.isOver = true;
  })();
  return stream;
}

async function readers(world: World, app: Pick<App, 'url'>, id: string, key: string) {
  const over = [
    `/api/v1/finetunings/${id}/events`,
    `/trpc/finetunings.watch?input=${encodeURIComponent(JSON.stringify({ id }))}`,
  ];
  const [rest, trpc] = await Promise.all(over.map((path) => openStream(app, path, key)));
  if (!rest || !trpc) throw new Error('two were opened');
  await world.until(() => [rest, trpc].every(({ text }) => text.includes('"running"')), 'both are read');
  return { rest, trpc };
}

async function expectEnded(world: World, { rest, trpc }: Awaited<ReturnType<typeof readers>>, words: string) {
  await world.until(() => rest.isOver && trpc.isOver, 'both have ended');
  expect(rest.text).toMatch(new RegExp(`\n: The API key .*${words}.*\n\n$`));
  const data = /event: serialized-error\ndata: (.*)/.exec(trpc.text)?.[1] ?? '';
  expect(JSON.parse(data)).toMatchObject({
    message: expect.stringContaining(words),
    data: { reason: 'unauthorized', httpStatus: 401 },
  });
}

test('a stream ends once its key is revoked, or has expired, and one of another key goes on', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  await world.stop();
  world.env['ADMIN_API_KEY'] = ADMIN_API_KEY;
  await world.start();
  const [revoked, expiring, kept] = [await keyIn(world, 'a'), await keyIn(world, 'b'), await keyIn(world, 'c')];
  const opened = [];
  for (const { key } of [revoked, expiring, kept]) opened.push(await readers(world, world.app, run.id, key));
  const [first, second, third] = opened;
  if (!first || !second || !third) throw new Error('three were opened');
  const watched: Error[] = [];
  const goldtune = createClient({ url: world.app.url ?? '', apiKey: revoked.key });
  let seen = 0;
  const watching = (async () => {
    for await (const _ of goldtune.watch(run.id)) seen += 1;
  })().catch((error: Error) => void watched.push(error));
  await world.until(() => seen > 2, 'it is watched');

  expect((await world.request('DELETE', `/api/v1/keys/${revoked.id}`, undefined, admin)).status).toBe(200);
  const rotate = `/api/v1/keys/${expiring.id}/rotate`;
  expect((await world.request('POST', rotate, { overlap_ms: 1000 }, admin)).status).toBeLessThan(300);
  await expectEnded(world, first, 'was revoked');
  await expectEnded(world, second, 'expired');
  await watching;
  expect(watched.map((error) => isGoldtuneError(error) && error.data.reason)).toEqual(['unauthorized']);
  expect([third.rest.isOver, third.trpc.isOver]).toEqual([false, false]);
  expect((await world.request('POST', `/api/v1/finetunings/${run.id}/cancel`, undefined, admin)).status).toBe(200);
  await world.until(() => third.rest.isOver && third.trpc.isOver, 'the run has ended');
  expect(third.rest.text).toContain('"cancelled"');
});

test.runIf(process.env['TEST_DATABASE'] === 'postgres')(
  'a stream of another process than the one that was told ends too',
  async () => {
    await using world = await startWorld();
    const run = await world.createIn('running');
    await world.stop();
    world.env['ADMIN_API_KEY'] = ADMIN_API_KEY;
    await world.start();
    const log = { info() {}, warn() {}, error() {} };
    await using other = await startApp(readConfig({ ...world.env, ROLE: 'web' }), { log, version: 'test' });
    const { id, key } = await keyIn(world, 'a');
    const opened = await readers(world, other, run.id, key);
    expect((await world.request('DELETE', `/api/v1/keys/${id}`, undefined, admin)).status).toBe(200);
    await expectEnded(world, opened, 'was revoked');
  },
);
