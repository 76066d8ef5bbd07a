// A path with a slash at its end is answered as FastAPI does: with 307 to the path without it.
import type { Context } from 'hono';

/** Relative, so that it leads to the right place under a path that a proxy adds; the method and the body stay. */
export function withoutSlash(c: Context): Response {
  const { pathname, search } = new URL(c.req.url);
  const last = pathname.replace(/\/$/, '').split('/').at(-1);
  return new Response(null, { status: 307, headers: { location: `../${last}${search}` } });
}
