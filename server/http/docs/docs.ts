// The API's documentation at /docs: Swagger UI out of node_modules, so that it needs no other host.
import { readFile } from 'node:fs/promises';
import type { Hono, MiddlewareHandler } from 'hono';
import { etag } from 'hono/etag';
import { withoutSlash } from '../trailing-slash.ts';

const own = (name: string) => new URL(name, import.meta.url);
const swagger = (name: string) => new URL(name, import.meta.resolve('swagger-ui-dist/package.json'));

const HTML = 'text/html; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';

const files = [
  { path: '/docs', file: own('page.html'), type: HTML },
  { path: '/docs/initializer.js', file: own('initializer.js'), type: SCRIPT },
  { path: '/docs/swagger-ui-bundle.js', file: swagger('swagger-ui-bundle.js'), type: SCRIPT },
  { path: '/docs/swagger-ui.css', file: swagger('swagger-ui.css'), type: 'text/css; charset=utf-8' },
  { path: '/docs/favicon-32x32.png', file: swagger('favicon-32x32.png'), type: 'image/png' },
];

/** All comes from this server, but for the icons of Swagger UI, which are `data:` images within its styles. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const underPolicy: MiddlewareHandler = async (c, next) => {
  await next();
  c.header('content-security-policy', policy);
};

/** Open to all who reach the server: it tells nothing that the published document does not. */
export function mountDocs(app: Hono): void {
  app.use('/docs/*', underPolicy, etag());
  // The page names its parts relative to itself.
  app.get('/docs/', withoutSlash);
  for (const { path, file, type } of files) {
    app.get(path, async (c) =>
      c.body(new Uint8Array(await readFile(file)), 200, { 'content-type': type, 'cache-control': 'no-cache' }),
    );
  }
}
