// Which web pages may call the API from a browser: those of this machine, and those of the configured origins.
import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { isLocal } from './loopback.ts';
import { refusePage } from './refuse.ts';

/** Whether a page of this origin may ask. */
export type MayAsk = (origin: string) => boolean;

/** A front end under development is served from another port of the machine that its browser runs on. */
export const pagesOf =
  (allowedOrigins: readonly string[]): MayAsk =>
  (origin) =>
    isLocal(origin) || allowedOrigins.includes(origin);

/** What an answer tells in its headers, beyond what browsers show every page. */
const EXPOSED = [
  'allow',
  'idempotent-replayed',
  'import-report',
  'link',
  'location',
  'preference-applied',
  'ratelimit',
  'ratelimit-policy',
  'retry-after',
  'www-authenticate',
  'logs-cut-off',
];

/** Whose pages may let a cookie speak for them: the server's own, and those that the configuration names. */
export const ownPages = (publicUrl: string | null, allowedOrigins: readonly string[]): MayAsk => {
  const own = publicUrl === null ? [] : [new URL(publicUrl).origin, ...allowedOrigins];
  return (origin) => own.includes(origin);
};

/**
 * Answers the browser's question before a request, too. The answer names the one origin that asked. It allows credentials to
 * our own pages alone; of any other no cookie and no ambient right is involved: with a key configured, the page must bring it.
 */
export function servePages(mayAsk: MayAsk, isOurs: MayAsk): MiddlewareHandler {
  const usual = {
    origin: (origin: string) => (mayAsk(origin) || isOurs(origin) ? origin : null),
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
    // Whatever headers the page asks for: clients of tRPC have some of their own, and who may ask is settled already.
    exposeHeaders: EXPOSED,
    maxAge: 600,
  };
  const answer = cors(usual);
  const answerOurs = cors({ ...usual, credentials: true });
  return async (c, next) => {
    const origin = c.req.header('origin');
    if (origin === undefined) return next();
    if (isOurs(origin)) return answerOurs(c, next);
    // A request itself is another matter: proxies pass on the Origin of their own pages, and bring the key.
    return c.req.method === 'OPTIONS' && !mayAsk(origin) ? refusePage(c.req.raw, origin) : answer(c, next);
  };
}
