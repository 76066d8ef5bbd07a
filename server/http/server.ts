// The HTTP surface: guards, limits, REST, tRPC, health.
import type { BlockList } from 'node:net';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import type { Admission } from '../finetuning/admission.ts';
import type { Limits } from '../finetuning/limits.ts';
import type { Principal } from '../finetuning/principal.ts';
import type { Service } from '../finetuning/service.ts';
import type { SignIn } from '../finetuning/sign-in.ts';
import type { Receive } from '../finetuning/webhook.ts';
import { readCompressed } from './compressed.ts';
import { mountDocs } from './docs/docs.ts';
import { isHungUp, nobodyListens } from './hung-up.ts';
import { fewLargeBodies } from './large-bodies.ts';
import { letIn } from './let-in.ts';
import { limited } from './limited.ts';
import { localOnly } from './local-only.ts';
import { ownPages, pagesOf, servePages } from './pages.ts';
import { mountPeople } from './people/doors.ts';
import { forOurPages } from './people/our-pages.ts';
import { mountProbes, type ProbeOptions } from './probes.ts';
import { refuse, refuseBody, refuseEncoding } from './refuse.ts';
import { detail, RETRY_AFTER } from './rest/errors.ts';
import { mountRoutes } from './rest/handler.ts';
import { openApiDocument } from './rest/openapi.ts';
import { routes } from './rest/routes.ts';
import { withoutSlash } from './trailing-slash.ts';
import { handleTrpc } from './trpc/handler.ts';
import { createCaller } from './trpc/router.ts';
import { mountWebhooks } from './webhooks.ts';

/** The largest body: fifty thousand golden records of a usual size. */
const MOST_BYTES = 32 * 1024 * 1024;
const TOO_LARGE = `The request body is larger than ${MOST_BYTES / 1024 / 1024} MB; send it in parts.`;

const BUSY = 'Other large requests are being served; nothing was stored, send it again a little later.';

export type HttpOptions = ProbeOptions & {
  admission: Admission;
  limits: Limits;
  /** What somebody can ask for. */
  serviceFor: (principal: Principal) => Service;
  /** Whether who brings no key is let in, which only this machine may be. */
  isOpen: boolean;
  receiveWebhook: Receive;
  /** Origins whose pages may ask, besides those of this machine. */
  allowedOrigins: readonly string[];
  /** Proxies that are trusted to say whom they serve. */
  trustedProxies: BlockList;
  /** How people come in, and where browsers find this server; left out: nobody signs in here. */
  people?: { signIn: SignIn; publicUrl: string } | undefined;
  cancelWaitMs: number;
  version: string;
};

export function createHttp(options: HttpOptions): Hono {
  const {
    admission,
    limits,
    serviceFor,
    isOpen,
    receiveWebhook,
    checkReady,
    allowedOrigins,
    trustedProxies,
    people,
    cancelWaitMs,
    version,
    log,
  } = options;
  const app = new Hono();
  const contextOf = (c: Context) => {
    const principal = c.get('principal');
    const refusals = c.get('refusals');
    const askAgain = c.get('askAgain');
    return { principal, askAgain, service: serviceFor(principal), refusals, cancel_wait_ms: cancelWaitMs };
  };

  const usual = secureHeaders();
  // Those pages have a policy of their own about what is told to where they lead.
  const ofPages = secureHeaders({ referrerPolicy: false });
  app.use((c, next) => (c.req.path.startsWith('/auth/') ? ofPages(c, next) : usual(c, next)));
  mountProbes(app, { checkReady, log });
  mountWebhooks(app, receiveWebhook, log);

  // A browser asks before a request without its key, so that is answered first; without a key, foreigners come first.
  const mayAsk = pagesOf(allowedOrigins);
  const isOurs = ownPages(people?.publicUrl ?? null, allowedOrigins);
  const guards: MiddlewareHandler[] = [
    ...(isOpen ? [localOnly(mayAsk)] : []),
    servePages(mayAsk, isOurs),
    letIn(admission, trustedProxies, log),
    forOurPages(isOurs),
    limited(limits),
  ];
  const limit = bodyLimit({
    maxSize: MOST_BYTES,
    onError: (c) => refuse(c.req.raw, 'too_large', TOO_LARGE),
  });
  const unpacked = readCompressed(MOST_BYTES, {
    unsupported: refuseEncoding,
    tooLarge: (request) => refuse(request, 'too_large', TOO_LARGE),
    unreadable: refuseBody,
  });
  const few = fewLargeBodies((request) => refuse(request, 'unavailable', BUSY, RETRY_AFTER));
  app.use('/api/*', ...guards, few, limit, unpacked);
  app.use('/trpc/*', ...guards, few, limit, unpacked);

  if (people) {
    app.use('/auth/*', servePages(mayAsk, isOurs));
    mountPeople(app, { signIn: people.signIn, isOurs, trustedProxies, log });
  }

  app.all('/trpc/*', (c) => handleTrpc(c.req.raw, contextOf(c), log));
  mountRoutes(app, routes, (c) => createCaller(contextOf(c), { signal: c.req.raw.signal }), log);

  const document = openApiDocument(version);
  app.get('/openapi.json', (c) => c.json(document));
  mountDocs(app);
  // Relative, as every link is: under a path that a proxy adds, they lead there too.
  app.get('/', (c) => c.json({ service: 'goldtune', version, openapi: 'openapi.json', docs: 'docs' }));
  app.all('/openapi.json/', withoutSlash);

  app.notFound(() => detail(404, 'Not Found'));
  app.onError((error, c) => {
    if (isHungUp(error, c.req.raw)) return nobodyListens();
    log.error({ err: error }, 'a request failed');
    return detail(500, 'Internal Server Error');
  });
  return app;
}
