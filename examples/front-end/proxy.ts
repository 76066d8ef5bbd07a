// A front end in production: its pages ask this proxy, which knows who they are and alone holds goldtune's key.
// GOLDTUNE_API_KEY=… SIGN_IN=user:password PORT=3000 node examples/front-end/proxy.ts
// In the page: createClient({ url: location.origin })
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { basicAuth } from 'hono/basic-auth';
import { csrf } from 'hono/csrf';
import { HTTPException } from 'hono/http-exception';
import { proxy } from 'hono/proxy';

function needed(name: string): string {
  const value = process.env[name];
  if (value) return value;
  console.error(`set ${name}`);
  process.exit(2);
}

const goldtune = process.env['GOLDTUNE_URL'] ?? 'http://127.0.0.1:8080';
const key = needed('GOLDTUNE_API_KEY');
const [username = '', ...rest] = needed('SIGN_IN').split(':');

/** All that goldtune has to know of a request. Cookies and the sign-in are nothing to it. */
const PASSED_ON = ['accept', 'content-type', 'last-event-id', 'trpc-accept'];

const app = new Hono();
// Stands for the sign-in of your application. Without one, whoever reaches this proxy can do all that the key can.
app.use(csrf(), basicAuth({ username, password: rest.join(':') }));

app.all('/trpc/*', (c) => {
  const { pathname, search } = new URL(c.req.url);
  const headers = new Headers({ authorization: `Bearer ${key}` });
  for (const name of PASSED_ON) {
    const value = c.req.header(name);
    if (value !== undefined) headers.set(name, value);
  }
  // Bodies are passed on as they come, so that events stream; a page that leaves ends the request behind it, too.
  return proxy(`${goldtune}${pathname}${search}`, { raw: c.req.raw, headers });
});

app.onError((error, c) => {
  if (error instanceof HTTPException) return error.getResponse();
  return c.text('goldtune cannot be reached', 502);
});

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env['PORT'] ?? 3000) }, ({ port }) =>
  console.log(`the proxy listens on http://127.0.0.1:${port}`),
);
