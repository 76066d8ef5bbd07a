// Without a key the API is open to this machine only: a web page must not reach it through the visitor's browser.
import type { MiddlewareHandler } from 'hono';
import { isLocal } from './loopback.ts';
import { refuse } from './refuse.ts';

/** A page of another site shows as a foreign Origin; a name that was bound to 127.0.0.1 shows as a foreign Host. */
export const localOnly: MiddlewareHandler = async (c, next) => {
  const host = c.req.header('host');
  if (host !== undefined && !isLocal(`http://${host}`)) {
    return refuse(
      c.req.raw,
      'forbidden',
      `Host "${host}" is not this machine. Use http://127.0.0.1, or set ADMIN_API_KEY to serve others.`,
    );
  }
  const origin = c.req.header('origin');
  if (origin !== undefined && !isLocal(origin)) {
    return refuse(
      c.req.raw,
      'forbidden',
      `Requests from the web page at ${origin} are refused. Set ADMIN_API_KEY to serve other origins.`,
    );
  }
  return next();
};
