// The doors that people come in by, at /auth: pages for browsers, and JSON for programs of a front end.
import type { BlockList } from 'node:net';
import type { Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { unauthorized } from '../../finetuning/admission.ts';
import type { Log } from '../../finetuning/dependencies.ts';
import { DomainError, errorCodes } from '../../finetuning/errors.ts';
import type { Cookies, SignIn } from '../../finetuning/sign-in.ts';
import { clientAddress } from '../client-address.ts';
import { isHungUp, nobodyListens } from '../hung-up.ts';
import type { MayAsk } from '../pages.ts';
import { refuse } from '../refuse.ts';
import { detail, errorResponse } from '../rest/errors.ts';
import { foreign } from './our-pages.ts';
import { type Part, pageHeaders } from './page.ts';
import { accountPage, invitationPage, messagePage, signInPage } from './pages.ts';
import { choice, credentials, link, membership, newcomer, sent } from './sent.ts';

const BASE = '/auth';
const MOST_BYTES = 16 * 1024;

type Door = { method: 'GET' | 'POST'; path: string; open: (c: Context) => Promise<Response> };

export type PeopleDoors = { signIn: SignIn; isOurs: MayAsk; trustedProxies: BlockList; log: Log };
/** Where a request comes from: tries are counted by it. */
type AddressOf = (c: Context) => string;

/** Every door that there is; what leads to none is a 404. */
export const peopleDoors = (signIn: SignIn, addressOf: AddressOf): readonly Door[] => [
  get('sign-in', async (c) => html(signInPage(signIn.hasOpenId), c)),
  post('sign-in', async (c) => {
    const { email, password } = await sent(credentials, c.req.raw);
    return done(c, 'account', await signIn.withPassword(email, password, addressOf(c)));
  }),
  post('sign-out', async (c) => done(c, 'sign-in', await signIn.out(cookieOf(c)))),

  get('account', async (c) => {
    const who = await signIn.signedIn(cookieOf(c));
    if (who) return wantsPage(c) ? html(accountPage(who), c) : Response.json(who);
    if (!wantsPage(c)) throw unauthorized('Nobody is signed in.');
    return seeOther('sign-in', []);
  }),
  post('organization', async (c) => {
    const { organization_id } = await sent(choice, c.req.raw);
    await signIn.choose(cookieOf(c), organization_id);
    return done(c, 'account', []);
  }),

  get('openid', async (c) => {
    const { location, cookies } = await signIn.begin(addressOf(c));
    return withCookies(new Response(null, { status: 302, headers: { location } }), cookies);
  }),
  get('callback/openid', async (c) => {
    const cookies = await signIn.end(new URL(c.req.url).search, cookieOf(c), addressOf(c));
    return seeOther('../account', cookies);
  }),

  get('first-administrator', (c) => invited(c, signIn, addressOf(c))),
  get('invitation', (c) => invited(c, signIn, addressOf(c))),
  post('invitation', async (c) => {
    const { token, ...given } = await sent(newcomer, c.req.raw);
    return done(c, 'account', await signIn.join(token, given, addressOf(c)));
  }),
  post('membership', async (c) => {
    const { token } = await sent(membership, c.req.raw);
    await signIn.joinAs(token, cookieOf(c), addressOf(c));
    return done(c, 'account', []);
  }),
];

export function mountPeople(app: Hono, { signIn, isOurs, trustedProxies, log }: PeopleDoors): void {
  app.use(`${BASE}/*`, async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(pageHeaders)) c.header(name, value);
  });
  const limit = bodyLimit({
    maxSize: MOST_BYTES,
    onError: (c) => refuse(c.req.raw, 'too_large', `The request body is larger than ${MOST_BYTES / 1024} kB.`),
  });
  app.use(`${BASE}/*`, limit);
  const doors = peopleDoors(signIn, (c) => clientAddress(c, trustedProxies));
  for (const { method, path, open } of doors) {
    app.on(method, `${BASE}/${path}`, async (c) => {
      const why = method === 'POST' ? foreign(c.req.raw, isOurs) : null;
      if (why !== null) return refused(c, new DomainError('forbidden', why), signIn);
      try {
        return await open(c);
      } catch (error) {
        if (isHungUp(error, c.req.raw)) return nobodyListens();
        if (!(error instanceof DomainError)) throw error;
        if (error.code === 'unavailable') log.warn({ err: error, path: c.req.path }, 'nobody could be signed in');
        return refused(c, error, signIn);
      }
    });
  }
  for (const path of new Set(doors.map((door) => door.path))) {
    const methods = doors.filter((door) => door.path === path).map(({ method }) => method);
    const allow = methods.includes('GET') ? [...methods, 'HEAD'] : methods;
    app.all(`${BASE}/${path}`, () => detail(405, 'Method Not Allowed', { allow: allow.join(', ') }));
  }
}

const get = (path: string, open: Door['open']): Door => ({ method: 'GET', path, open });
const post = (path: string, open: Door['open']): Door => ({ method: 'POST', path, open });

const cookieOf = (c: Context): string => c.req.header('cookie') ?? '';
const wantsPage = (c: Context): boolean => c.req.header('accept')?.includes('text/html') ?? false;

async function invited(c: Context, signIn: SignIn, from: string): Promise<Response> {
  // What has another form than a link's was never made.
  const { token } = link.safeParse({ token: c.req.query('token') ?? '' }).data ?? { token: '' };
  const found = await signIn.invitation(token, from);
  return wantsPage(c) ? html(invitationPage(token, found, signIn.hasOpenId), c) : Response.json(found);
}

const html = async (content: Part, c: Context, status: 200 | 401 = 200): Promise<Response> =>
  c.html(await content, status);

/** A browser goes on to a page; a program is told that it is done. */
const done = (c: Context, location: string, cookies: Cookies): Response =>
  wantsPage(c) ? seeOther(location, cookies) : withCookies(Response.json({ done: true }), cookies);

const seeOther = (location: string, cookies: Cookies): Response =>
  withCookies(new Response(null, { status: 303, headers: { location } }), cookies);

function withCookies(response: Response, cookies: Cookies): Response {
  for (const cookie of cookies) response.headers.append('set-cookie', cookie);
  return response;
}

async function refused(c: Context, error: DomainError, signIn: SignIn): Promise<Response> {
  const plain = errorResponse(error) ?? detail(errorCodes[error.code].http, error.message);
  if (!wantsPage(c)) return plain;
  const isOfForm = c.req.method === 'POST' && c.req.path === `${BASE}/sign-in` && error.code === 'unauthorized';
  const content = isOfForm
    ? signInPage(signIn.hasOpenId, error.message)
    : messagePage('This did not work', error.message);
  const { headers, status } = plain;
  headers.set('content-type', 'text/html; charset=utf-8');
  return new Response(String(await content), { status, headers });
}
