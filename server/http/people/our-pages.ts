// What a cookie opens, it opens to our own pages alone: browsers bring it along whoever's page asks.
import type { MiddlewareHandler } from 'hono';
import { cut } from '../../finetuning/cut.ts';
import type { MayAsk } from '../pages.ts';
import { refuse } from '../refuse.ts';

/** Which asks for nothing to be changed. */
const READING = ['GET', 'HEAD'];

/**
 * Why a request is not one of our pages; null: it is. What changes something says in `Origin` whose page it is. What only
 * reads may come without one from a page of this very origin, or from whoever has typed the address.
 */
export function foreign(request: Request, isOurs: MayAsk): string | null {
  const origin = request.headers.get('origin');
  if (origin !== null) {
    const from = `This comes from a page at ${cut(origin)}`;
    return isOurs(origin) ? null : `${from}; add that origin to ALLOWED_ORIGINS to let its cookies in.`;
  }
  if (!READING.includes(request.method)) {
    return 'What a cookie authorizes needs the header Origin, as browsers send it; programs bring an API key instead.';
  }
  const site = request.headers.get('sec-fetch-site');
  if (site === 'same-origin' || site === 'none') return null;
  return 'What a cookie authorizes needs the header Origin, or Sec-Fetch-Site: same-origin; programs bring an API key instead.';
}

/** Of whom is let in, which stands before this. */
export const forOurPages =
  (isOurs: MayAsk): MiddlewareHandler =>
  async (c, next) => {
    const why = c.get('principal').who === 'person' ? foreign(c.req.raw, isOurs) : null;
    return why === null ? next() : refuse(c.req.raw, 'forbidden', why);
  };
