// The HTTP surface: guards, limits, REST, tRPC, health. Listens with Node's own server.
import { createAdaptorServer } from '@hono/node-server';
import { Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import type { Log } from '../finetuning/dependencies.ts';
import type { Service } from '../finetuning/service.ts';
import { requireApiKey } from './api-key.ts';
import { mountDocs } from './docs/docs.ts';
import { localOnly } from './local-only.ts';
import { refuse } from './refuse.ts';
import { detail } from './rest/errors.ts';
import { mountRoutes } from './rest/handler.ts';
import { openApiDocument } from './rest/openapi.ts';
import { routes } from './rest/routes.ts';
import { handleTrpc } from './trpc/handler.ts';
import { createCaller } from './trpc/router.ts';

/** The largest body: fifty thousand golden records of a usual size. */
const MOST_BYTES = 32 * 1024 * 1024;
const TOO_LARGE = `The request body is larger than ${MOST_BYTES / 1024 / 1024} MB; send it in parts.`;

export type HttpOptions = {
  service: Service;
  /** Throws while the database cannot be reached. */
  checkReady: () => Promise<void>;
  adminApiKey: string | undefined;
  cancelWaitMs: number;
  version: string;
  log: Log;
};

export function createHttp({ service, checkReady, adminApiKey, cancelWaitMs, version, log }: HttpOptions): Hono {
  const app = new Hono();
  const context = { service, cancel_wait_ms: cancelWaitMs };

  app.use(secureHeaders());
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    try {
      await checkReady();
      return c.json({ status: 'ready' });
    } catch (error) {
      log.warn({ err: error }, 'not ready');
      return c.json({ status: 'the database cannot be reached' }, 503);
    }
  });

  const guard: MiddlewareHandler = adminApiKey ? requireApiKey(adminApiKey) : localOnly;
  const limit = bodyLimit({
    maxSize: MOST_BYTES,
    onError: (c) => refuse(c.req.raw, 'too_large', TOO_LARGE),
  });
  app.use('/api/*', guard, limit);
  app.use('/trpc/*', guard, limit);

  app.all('/trpc/*', (c) => handleTrpc(c.req.raw, context, log));
  mountRoutes(app, routes, (request) => createCaller(context, { signal: request.signal }), log);

  const document = openApiDocument(version);
  app.get('/openapi.json', (c) => c.json(document));
  mountDocs(app);
  app.get('/', (c) => c.json({ service: 'goldtune', version, openapi: '/openapi.json', docs: '/docs' }));

  app.notFound(() => detail(404, 'Not Found'));
  app.onError((error) => {
    log.error({ err: error }, 'a request failed');
    return detail(500, 'Internal Server Error');
  });
  return app;
}

export type Listening = AsyncDisposable & { port: number };

/** Disposing stops taking requests, and waits for those that are under way. */
export async function listen(app: Hono, address: { host: string; port: number }): Promise<Listening> {
  const server = createAdaptorServer({ fetch: app.fetch });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.port, address.host, resolve);
  });
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : address.port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // A connection that was busy becomes idle with its last answer; it must not hold the server open after that.
      const closing = setInterval(() => 'closeIdleConnections' in server && server.closeIdleConnections(), 20);
      await closed.finally(() => clearInterval(closing));
    },
  };
}
