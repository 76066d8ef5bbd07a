// The documentation page needs this server and no other: its parts are there, and its policy lets nothing else in.
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { mountDocs } from '../../server/http/docs/docs.ts';

const app = new Hono();
mountDocs(app);

async function textAt(path: string): Promise<string> {
  const response = await app.request(path);
  expect({ path, status: response.status }).toEqual({ path, status: 200 });
  return response.text();
}

/** The paths that the page names, but for the document's own. */
async function assets(): Promise<string[]> {
  const page = await textAt('/docs');
  return [...page.matchAll(/(?:src|href)="([^"]+)"/g)]
    .map(([, path]) => new URL(path ?? '', 'http://host/docs').pathname)
    .filter((path) => path !== '/openapi.json');
}

test('the page and all it names are served, each as what it is', async () => {
  const typeOf = async (path: string) => (await app.request(path)).headers.get('content-type');
  expect(
    Object.fromEntries(await Promise.all((await assets()).map(async (path) => [path, await typeOf(path)]))),
  ).toEqual({
    '/docs/swagger-ui.css': 'text/css; charset=utf-8',
    '/docs/favicon-32x32.png': 'image/png',
    '/docs/swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
    '/docs/initializer.js': 'text/javascript; charset=utf-8',
  });
  expect(await typeOf('/docs')).toBe('text/html; charset=utf-8');
  for (const path of await assets()) expect((await app.request(path)).status).toBe(200);
});

test('neither the page nor its script names another host, and no script or style is inline', async () => {
  const [page, script] = [await textAt('/docs'), await textAt('/docs/initializer.js')];
  for (const text of [page, script]) expect(text).not.toMatch(/(https?:)?\/\/[\w.-]+\.\w+/);
  expect(page).not.toMatch(/<style|style=|\son\w+=|<script(?![^>]*\ssrc=)/i);
  expect(script).toContain('validatorUrl: null');
  expect(script).toContain("url: 'openapi.json'");
});

test('styles draw in nothing but data', async () => {
  const css = await textAt('/docs/swagger-ui.css');
  const drawn = [...css.matchAll(/url\(["']?([^"')]+)/g), ...css.matchAll(/@import\s+(\S+)/g)];
  expect(drawn.map(([, url]) => url).filter((url) => !url?.startsWith('data:'))).toEqual([]);
});

test('its policy lets in scripts, styles and requests of this server only', async () => {
  for (const path of ['/docs', ...(await assets())]) {
    const policy = (await app.request(path)).headers.get('content-security-policy') ?? '';
    const directives = new Map(policy.split('; ').map((part) => [part.split(' ')[0], part.split(' ').slice(1)]));
    expect(Object.fromEntries(directives), path).toEqual({
      'default-src': ["'none'"],
      'script-src': ["'self'"],
      'style-src': ["'self'"],
      'img-src': ["'self'", 'data:'],
      'connect-src': ["'self'"],
      'base-uri': ["'none'"],
      'form-action': ["'none'"],
      'frame-ancestors': ["'none'"],
    });
  }
});

test('a browser that has a part already is not sent it again', async () => {
  const path = '/docs/swagger-ui-bundle.js';
  const etag = (await app.request(path)).headers.get('etag') ?? '';
  expect(await app.request(path, { headers: { 'if-none-match': etag } })).toMatchObject({ status: 304 });
});

test('under a path that a proxy adds, the page, its parts and its document are found', async () => {
  const page = await textAt('/docs');
  const named = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
  const under = named.map((path) => new URL(path, 'http://host/tools/goldtune/docs').pathname);
  expect(under.every((path) => path.startsWith('/tools/goldtune/'))).toBe(true);
  expect((await app.request('/docs/')).headers.get('location')).toBe('../docs');
});
