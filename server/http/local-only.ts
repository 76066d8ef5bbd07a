// Without a key the API is open to this machine only: a web page must not reach it through the visitor's browser.
import type { MiddlewareHandler } from 'hono';
import { isLocal } from './loopback.ts';
import type { MayAsk } from './pages.ts';
import { refuse, refusePage } from './refuse.ts';

/**
 * A page of another site shows as a foreign Origin; a name that was bound to 127.0.0.1 shows as a foreign Host, which no
 * configured origin excuses.
 */
export const localOnly =
  (mayAsk: MayAsk): MiddlewareHandler =>
  async (c, next) => {
    const host = c.req.header('host');
    if (host !== undefined && !isLocal(`http://${host}`)) {
      return refuse(
        c.req.raw,
        'forbidden',
        `Host "${host}" is not this machine. Use http://127.0.0.1, or set ADMIN_API_KEY to serve others.`,
      );
    }
    const origin = c.req.header('origin');
    return origin === undefined || mayAsk(origin) ? next() : refusePage(c.req.raw, origin);
  };
