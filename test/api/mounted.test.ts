// All that the server has mounted, as its own list of routes says it: the API, which asks for a key, and what does not.
import { expect, test } from 'vitest';
import { routes } from '../../server/http/rest/routes.ts';
import { createHttp } from '../../server/http/server.ts';
import { proxiesIn } from '../../server/http/trusted-proxies.ts';
import { startWorld } from '../world.ts';
import { rowsOf } from './fuzz/rows.ts';

/** What answers who brings no key, and how. Whoever mounts something beside the table of routes decides that here. */
const open: Record<string, number> = {
  'GET /healthz': 200,
  'GET /readyz': 200,
  'ALL /healthz/': 307,
  'ALL /readyz/': 307,
  // Not set up; where it is, the signature decides.
  'POST /webhooks/openai': 404,
  'ALL /webhooks/openai': 405,
  'ALL /webhooks/openai/': 307,
  'GET /docs': 200,
  'GET /docs/': 307,
  'GET /docs/initializer.js': 200,
  'GET /docs/swagger-ui-bundle.js': 200,
  'GET /docs/swagger-ui.css': 200,
  'GET /docs/favicon-32x32.png': 200,
  'GET /openapi.json': 200,
  'ALL /openapi.json/': 307,
  'GET /': 200,
};

/** What stands before others, and is no door itself. */
const before = ['ALL /*', 'ALL /api/*', 'ALL /docs/*'];

const behindKey = (): string[] => [
  'ALL /trpc/*',
  ...routes.flatMap(({ method, path }) => {
    const asMounted = path.replaceAll(/\{(\w+)\}/g, ':$1');
    return [`${method.toUpperCase()} ${asMounted}`, `ALL ${asMounted}`, `ALL ${asMounted}/`];
  }),
];

const nothing = () => {
  throw new Error('nothing is asked here');
};

function mounted(): string[] {
  const app = createHttp({
    ...{ admission: { principalOf: nothing }, limits: { take: nothing }, serviceFor: nothing, receiveWebhook: nothing },
    ...{
      isOpen: false,
      trustedProxies: proxiesIn(''),
      checkReady: nothing,
      allowedOrigins: [],
      cancelWaitMs: 0,
      version: 'test',
    },
    log: { info: nothing, warn: nothing, error: nothing },
  });
  return [...new Set(app.routes.map(({ method, path }) => `${method} ${path}`))];
}

test('each path that is mounted is of the table of routes, or says here how it answers without a key', () => {
  expect(mounted().toSorted()).toEqual([...new Set([...Object.keys(open), ...before, ...behindKey()])].toSorted());
});

test('without a key only what says so here answers, and it changes nothing', async () => {
  await using world = await startWorld({ env: { ADMIN_API_KEY: 'a-secret-of-the-test' } });
  const rows = await rowsOf(world.app.db, true);
  const untouched = await rows();
  for (const door of mounted().filter((door) => !before.includes(door))) {
    const [method = '', path = ''] = door.split(' ');
    const response = await fetch(`${world.app.url}${path.replace('*', 'finetunings.list')}`, {
      method: method === 'ALL' ? 'PUT' : method,
      redirect: 'manual',
    });
    expect([door, response.status]).toEqual([door, open[door] ?? 401]);
  }
  expect(await rows()).toEqual(untouched);
});
