// Whose account a run lives in: what selects it is configured, kept with the run, and asked of the provider at the start.

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../server/provider/sandbox/server.ts';
import { openRunsByLedger } from '../../server/storage/provider-accounts.ts';
import { listening } from '../provider/listening.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { bodyOf, startWorld } from '../world.ts';
import { startChild } from './child.ts';

/** `silent`: it does not say at the start whose account it is. */
type Account = { sandbox: Sandbox; project?: string; silent?: boolean };

/** A provider that keeps accounts apart: a job of another one is not there. */
async function keepingApart(accountOf: (headers: IncomingHttpHeaders) => Account | undefined) {
  const server = createServer(async (request, response) => {
    const account = accountOf(request.headers);
    if (!account) return response.writeHead(403).end('{"error":{"message":"no such account"}}');
    if (account.silent && request.url === '/v1/models') return response.writeHead(503).end();
    const answer = await fetch(new URL(request.url ?? '', account.sandbox.url), {
      method: request.method ?? 'GET',
      headers: {
        'content-type': request.headers['content-type'] ?? 'application/json',
        authorization: 'Bearer sandbox',
      },
      ...(request.method === 'POST' ? { body: new Uint8Array(await buffer(request)) } : {}),
    });
    const told = account.project === undefined ? {} : { 'openai-project': account.project };
    return response
      .writeHead(answer.status, { 'content-type': 'application/json', ...told })
      .end(new Uint8Array(await answer.arrayBuffer()));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  return {
    url: `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}/v1`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('a run of one project was called gone after a restart without OPENAI_PROJECT_ID, and trained on', async () => {
  await using world = await startWorld({ start: false });
  await using other = await startSandbox({ ledgerPath: ':memory:' });
  await using provider = await keepingApart((headers) =>
    headers['openai-project'] === 'proj-a' ? { sandbox: world.sandbox } : { sandbox: other },
  );
  Object.assign(world.env, { OPENAI_BASE_URL: provider.url, OPENAI_PROJECT_ID: 'proj-a' });
  await world.start();
  const run = await world.createIn('running');

  await world.stop();
  delete world.env['OPENAI_PROJECT_ID'];
  await world.start();
  expect(bodyOf(await world.cancel(run.id, {}, { prefer: 'wait=1' }), 202)).toMatchObject({
    status: 'running',
    cancellation: { state: 'requested' },
  });
  expect(world.jobsOf(run.id).map((job) => job.status)).toEqual(['running']);

  await world.stop();
  world.env['OPENAI_PROJECT_ID'] = 'proj-a';
  // How the address is spelt makes no other provider.
  world.env['OPENAI_BASE_URL'] = `${provider.url}/`;
  await world.start();
  await world.cancel(run.id);
  await world.reached(run.id, (seen) => seen.status === 'cancelled', 'cancelled');
  expect(world.jobsOf(run.id).map((job) => job.status)).toEqual(['cancelled']);
  expect(other.ledger.jobs()).toEqual([]);
});

test('a run was called gone after the key was replaced by one of another project, and trained on', async () => {
  await using world = await startWorld({ start: false });
  await using other = await startSandbox({ ledgerPath: ':memory:' });
  await using provider = await keepingApart(({ authorization }) =>
    authorization === 'Bearer key-of-a'
      ? { sandbox: world.sandbox, project: 'proj_a' }
      : { sandbox: other, project: 'proj_b' },
  );
  Object.assign(world.env, { OPENAI_BASE_URL: provider.url, OPENAI_API_KEY: 'key-of-a' });
  await world.start();
  const run = await world.createIn('running');

  await world.stop();
  world.env['OPENAI_API_KEY'] = 'key-of-b';
  await expect(world.start()).rejects.toThrow(
    /^goldtune cannot start: OPENAI_API_KEY works in project proj_b, but runs that have not ended \(1\) were started in project proj_a/,
  );
  // Named, the new account is another place, and the run is left alone.
  world.env['OPENAI_PROJECT_ID'] = 'proj_b';
  await world.start();
  expect(bodyOf(await world.cancel(run.id, {}, { prefer: 'wait=1' }), 202)).toMatchObject({ status: 'running' });

  await world.stop();
  delete world.env['OPENAI_PROJECT_ID'];
  world.env['OPENAI_API_KEY'] = 'key-of-a';
  await world.start();
  await world.cancel(run.id);
  await world.reached(run.id, (seen) => seen.status === 'cancelled', 'cancelled');
  expect(world.jobsOf(run.id).map((job) => job.status)).toEqual(['cancelled']);

  await world.until(async () => (await openRunsByLedger(world.app.db)).length === 0, 'nothing is left to do there');

  // Then the key may change.
  await world.stop();
  world.env['OPENAI_API_KEY'] = 'key-of-b';
  await world.start();
});

test('a key of another project was not noticed where the provider could not be asked at the start', async () => {
  await using world = await startWorld({ start: false });
  await using other = await startSandbox({ ledgerPath: ':memory:' });
  await using provider = await keepingApart(({ authorization }) =>
    authorization === 'Bearer key-of-a'
      ? { sandbox: world.sandbox, project: 'proj_a' }
      : { sandbox: other, project: 'proj_b', silent: true },
  );
  Object.assign(world.env, { OPENAI_BASE_URL: provider.url, OPENAI_API_KEY: 'key-of-a' });
  await world.start();
  const run = await world.createIn('running');

  await world.stop();
  world.env['OPENAI_API_KEY'] = 'key-of-b';
  await world.start();
  bodyOf(await world.cancel(run.id, {}, { prefer: 'respond-async' }), 202);
  await world.until(
    async () => (await world.get(run.id)).waiting?.for.includes('answers for project proj_b') ?? false,
    'it says what it waits for',
  );
  expect(await world.get(run.id)).toMatchObject({ status: 'running', cancellation: { state: 'requested' } });

  await world.stop();
  world.env['OPENAI_API_KEY'] = 'key-of-a';
  await world.start();
  await world.reached(run.id, (seen) => seen.status === 'cancelled', 'cancelled');
  expect(world.jobsOf(run.id).map((job) => job.status)).toEqual(['cancelled']);
});

test('a key of another project than the one configured stops the start with one clear line', async () => {
  await using directory = await temporaryDirectory();
  await using provider = await listening((_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json', 'openai-project': 'proj_2' }).end('{"data":[]}'),
  );
  const env = { OPENAI_API_KEY: 'key', OPENAI_BASE_URL: provider.url, OPENAI_PROJECT_ID: 'proj_1' };
  await using child = startChild({ PORT: '0', DATA_DIR: directory.path, LOG_LEVEL: 'silent', ...env });
  expect(await child.ended).toEqual({ code: 1, signal: null });
  expect(child.printed().trim().split('\n')).toEqual([
    'goldtune cannot start: OPENAI_PROJECT_ID is proj_1, but the provider says that OPENAI_API_KEY works in proj_2; set the one that is meant',
  ]);
});
