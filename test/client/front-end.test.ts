// What the README shows for a front end in production: a proxy and a server action, which keep the key out of the browser.
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test, vi } from 'vitest';
import { createClient } from '../../client/src/index.ts';
import { listRuns, stopRun } from '../../examples/front-end/server-action.ts';
import { startProcess } from '../process/child.ts';
import { until } from '../until.ts';
import { startWorld } from '../world.ts';
import { acceptOnly } from './stalling.ts';

const PROXY = fileURLToPath(new URL('../../examples/front-end/proxy.ts', import.meta.url));
const ADMIN_API_KEY = 'a-secret-of-the-test';
const SIGN_IN = 'ada:of-the-page';
const signedIn = { authorization: `Basic ${Buffer.from(SIGN_IN).toString('base64')}` };

afterEach(() => vi.unstubAllEnvs());

test('through the proxy a page that is signed in lists, watches and stops runs without the key', async () => {
  await using world = await startWorld({ env: { ADMIN_API_KEY } });
  const owner = createClient({ url: world.app.url ?? '', apiKey: ADMIN_API_KEY });
  const connection = await owner.dbConnections.create.mutate({ alias: 'library' });
  await owner.goldenRecords.add.mutate(
    Array.from({ length: 12 }, (_, index) => ({
      prompt_text: `Which books have the number ${index}?`,
      sql: `SELECT * FROM books WHERE id = ${index}`,
      db_connection_id: connection.id,
    })),
  );
  await using proxy = startProcess([PROXY], {
    PORT: '0',
    SIGN_IN,
    GOLDTUNE_URL: world.app.url ?? '',
    GOLDTUNE_API_KEY: ADMIN_API_KEY,
  });
  const page = createClient({ url: await proxy.url, headers: signedIn });
  const run = await page.finetunings.create.mutate({ db_connection_id: connection.id });
  expect((await page.finetunings.list.query({})).map(({ id }) => id)).toEqual([run.id]);

  const seen: string[] = [];
  const watched = (async () => {
    for await (const event of page.watch(run.id)) seen.push(event.type);
  })();
  // The stream is open while the run goes on: what happens is shown as it happens.
  await until(() => seen.includes('created'), 'the page has seen the first event');
  expect(await page.cancelAndWait(run.id)).toMatchObject({ state: 'confirmed' });
  await watched;
  expect(seen).toContain('cancelled');
});

test('the proxy lets nobody else in, and says that goldtune is away', async () => {
  await using proxy = startProcess([PROXY], {
    PORT: '0',
    SIGN_IN,
    GOLDTUNE_URL: 'http://127.0.0.1:1',
    GOLDTUNE_API_KEY: ADMIN_API_KEY,
  });
  const url = `${await proxy.url}/trpc/finetunings.list`;
  expect((await fetch(url)).status).toBe(401);
  const form = { method: 'POST', body: new FormData(), headers: { ...signedIn, origin: 'https://evil.example' } };
  expect((await fetch(url, form)).status, 'a form of another site').toBe(403);
  const away = await fetch(url, { headers: signedIn });
  expect([away.status, await away.text()]).toEqual([502, 'goldtune cannot be reached']);
});

test('a server action lists runs and stops one, and says why where it could not', async () => {
  await using world = await startWorld();
  vi.stubEnv('GOLDTUNE_URL', world.app.url ?? '');
  const run = await world.createIn('running');
  expect((await listRuns()).map(({ id }) => id)).toEqual([run.id]);
  expect(await stopRun(run.id)).toEqual({
    stopped: true,
    said: 'it is proven that nothing runs: provider_cancelled',
  });
  expect(world.jobsOf(run.id).map(({ status }) => status)).toEqual(['cancelled']);
  expect(await stopRun('6b04d11b9dfe4aa0b92d6aae')).toEqual({
    stopped: false,
    said: expect.stringContaining('6b04d11b9dfe4aa0b92d6aae'),
  });
});

test('a page said that a run is being stopped, though goldtune had not answered', async () => {
  await using server = await acceptOnly();
  vi.stubEnv('GOLDTUNE_URL', server.url);
  const id = 'a'.repeat(24);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  try {
    const stopping = stopRun(id);
    // The action's own time, and what its last answer may come late.
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await stopping).toEqual({
      stopped: false,
      said: `no word of finetuning ${id} in the time given: goldtune at ${server.url} has not answered; its cancel may have arrived, and can be sent again safely`,
    });
  } finally {
    vi.useRealTimers();
  }
});
