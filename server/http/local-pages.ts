// A front end under development, served from another port of the machine its browser runs on, may call the API.
import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { isLocal } from './loopback.ts';

/** Whatever headers the page asks for: clients of tRPC have some of their own, and who may ask is settled already. */
const allow = cors({
  origin: (origin) => (isLocal(origin) ? origin : null),
  allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
  exposeHeaders: ['idempotent-replayed', 'import-report', 'link', 'location', 'preference-applied', 'retry-after'],
  maxAge: 600,
});

/**
 * Answers the browser's question before a request, too. No cookie and no ambient right is involved: with a key
 * configured, the page must bring it.
 */
export const localPages: MiddlewareHandler = (c, next) =>
  c.req.header('origin') === undefined ? next() : allow(c, next);
