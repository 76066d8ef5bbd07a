// The cookie that lets a browser in: the token of a session, and a signature without which it opens nothing.
import { parseSigned, serialize } from 'hono/utils/cookie';

export type CookieSettings = { isHttps: boolean; secret: string };

/** How cookies are named: one that begins so, no other host and no page over plain HTTP can have set. */
export const cookiePrefix = (isHttps: boolean): string => (isHttps ? '__Host-goldtune' : 'goldtune');

const nameOf = (isHttps: boolean): string => `${cookiePrefix(isHttps)}.session_token`;

/** What scripts cannot read, and what no other site's form or frame brings along. */
export const attributes = (isHttps: boolean) =>
  ({ httpOnly: true, secure: isHttps, sameSite: 'lax', path: '/' }) as const;

/**
 * The token of a session as the library of sign-ins has signed it. Null: there is none, or it was made up; for that no
 * database is asked.
 * @param cookie the header of a request
 */
export async function tokenIn(cookie: string, { isHttps, secret }: CookieSettings): Promise<string | null> {
  const name = nameOf(isHttps);
  return (await parseSigned(cookie, secret, name))[name] || null;
}

/** What makes a browser forget it. */
export const forgotten = (isHttps: boolean): string =>
  serialize(nameOf(isHttps), '', { ...attributes(isHttps), maxAge: 0 });
