// Without a key the API is open to this machine only: a web page must not reach it through the visitor's browser.
import type { HonoRequest, MiddlewareHandler } from 'hono';
import { cut } from '../finetuning/cut.ts';
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
    // A request may name its host in its target too: GET http://host/path.
    const foreign = hostsOf(c.req).find((host) => !isLocal(`http://${host}`));
    if (foreign !== undefined) {
      return refuse(
        c.req.raw,
        'forbidden',
        `Host "${cut(foreign)}" is not this machine. Use http://127.0.0.1, or set ADMIN_API_KEY to serve others.`,
      );
    }
    const origin = c.req.header('origin');
    return origin === undefined || mayAsk(origin) ? next() : refusePage(c.req.raw, origin);
  };

/** None is sent by HTTP/1.0 alone, which no page speaks. */
const hostsOf = (request: HonoRequest): string[] => [request.header('host') ?? [], new URL(request.url).host].flat();
