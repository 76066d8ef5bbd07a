// Whose account a run lives in: what selects it is configured, kept with the run, and asked of the provider at the start.

import { once } from 'node:events';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../server/provider/sandbox/server.ts';
import { listening } from '../provider/listening.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { bodyOf, startWorld } from '../world.ts';
import { startChild } from './child.ts';

/** A provider that keeps projects apart: a job of another project is not there. */
async function byProject(projects: Record<string, Sandbox>) {
  const server = createServer(async (request, response) => {
    const sandbox = projects[String(request.headers['openai-project'] ?? 'default')];
    if (!sandbox) return response.writeHead(403).end('{"error":{"message":"no such project"}}');
    const answer = await fetch(new URL(request.url ?? '', sandbox.url), {
      method: request.method ?? 'GET',
      headers: {
        'content-type': request.headers['content-type'] ?? 'application/json',
        authorization: 'Bearer sandbox',
      },
      ...(request.method === 'POST' ? { body: new Uint8Array(await buffer(request)) } : {}),
    });
    return response
      .writeHead(answer.status, { 'content-type': 'application/json' })
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
  await using provider = await byProject({ 'proj-a': world.sandbox, default: other });
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
