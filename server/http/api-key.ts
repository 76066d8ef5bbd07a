// With ADMIN_API_KEY set, every API request must bring it as a bearer token.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { refuse } from './refuse.ts';

export const NO_KEY = 'This server needs an API key: send it as "Authorization: Bearer <key>".';
export const WRONG_KEY = 'The API key is wrong: it is not the one that this server was given.';

export function requireApiKey(key: string): MiddlewareHandler {
  const expected = digest(key);
  return async (c, next) => {
    const given = /^bearer\s+(.+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    // Digests have one length, so the comparison takes one time, whatever was given.
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return next();
    return refuse(c.req.raw, 'unauthorized', given === undefined ? NO_KEY : WRONG_KEY, {
      'www-authenticate': 'Bearer',
    });
  };
}

const digest = (text: string) => createHash('sha256').update(text).digest();
