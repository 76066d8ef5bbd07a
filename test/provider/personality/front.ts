// The sandbox speaking as another host: what is asked is put into its words, and what it answers into that host's.
import { once } from 'node:events';
import { createAdaptorServer, type HttpBindings } from '@hono/node-server';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { Sandbox } from '../../../server/provider/sandbox/server.ts';

export type Body = Record<string, unknown>;
export type Refused = { status: number; body: Body };

export type Personality = {
  /** Of its paths. */
  base: string;
  /** What it says to a request that does not authenticate as it wants; null where it does. */
  deny(headers: Headers): Refused | null;
  /** What it refuses of an address; null: nothing. */
  refuseQuery?(url: URL): Refused | null;
  /** A create in the sandbox's words, or what this host says to it. */
  create(asked: unknown): { body: Body } | { refused: Refused };
  job(shown: Body, sandbox: Sandbox): Body;
  refusal(status: number, error: SandboxError): Refused;
  /** What is wrong with a reply, by its document. */
  departures(reply: { path: string; method: string; status: number; body: unknown }): string[];
};

const sandboxError = z.object({ message: z.string(), code: z.string().nullable(), param: z.string().nullable() });
export type SandboxError = z.infer<typeof sandboxError>;
const wrong = z.object({ error: sandboxError.partial({ code: true, param: true }) });
const list = z.looseObject({ object: z.literal('list'), data: z.array(z.looseObject({ object: z.string() })) });
const isJob = (body: unknown) => z.looseObject({ object: z.literal('fine_tuning.job') }).safeParse(body).data;

export type Front = AsyncDisposable & { url: string; headers: Headers[] };

/** Disposing fails where an answer was not as its document says. */
export async function serveAs(personality: Personality, sandbox: Sandbox): Promise<Front> {
  const headers: Headers[] = [];
  const departures: string[] = [];
  const app = new Hono<{ Bindings: HttpBindings }>();
  app.all('*', async (c) => {
    headers.push(new Headers(c.req.raw.headers));
    const path = new URL(c.req.url).pathname.slice(personality.base.length);
    const { status, body } = await answered(personality, sandbox, c, path).catch(() => {
      c.env.incoming.socket.destroy();
      return { status: 502, body: null };
    });
    const told = { path, method: c.req.method, status, body };
    if (body !== null) departures.push(...personality.departures(told).map((one) => `${told.method} ${path}: ${one}`));
    return new Response(typeof body === 'string' ? body : JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json' },
    });
  });
  const server = createAdaptorServer({ fetch: app.fetch });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  return {
    url: `http://127.0.0.1:${port}${personality.base}`,
    headers,
    async [Symbol.asyncDispose]() {
      if ('closeAllConnections' in server) server.closeAllConnections();
      server.close();
      await once(server, 'close');
      if (departures.length > 0) throw new Error(`not as documented:\n${departures.join('\n')}`);
    },
  };
}

/** @throws where the connection to the sandbox broke: so does the one to the front then */
async function answered(
  personality: Personality,
  sandbox: Sandbox,
  { req }: Context<{ Bindings: HttpBindings }>,
  path: string,
): Promise<{ status: number; body: unknown }> {
  const url = new URL(req.url);
  if (!url.pathname.startsWith(personality.base)) {
    return personality.refusal(404, { message: 'Resource not found', code: '404', param: null });
  }
  const refused = personality.deny(req.raw.headers) ?? personality.refuseQuery?.(url);
  if (refused) return refused;
  let sent: ArrayBuffer | string | null = req.method === 'POST' ? await req.arrayBuffer() : null;
  if (req.method === 'POST' && path === '/fine_tuning/jobs') {
    const create = personality.create(await req.json());
    if ('refused' in create) return create.refused;
    sent = JSON.stringify(create.body);
  }
  const type = req.header('content-type');
  const reply = await fetch(`${sandbox.url}${path}${url.search}`, {
    method: req.method,
    headers: { authorization: 'Bearer sandbox', ...(type ? { 'content-type': type } : {}) },
    body: sent,
  });
  const text = await reply.text();
  const { status } = reply;
  if (!isJson(text)) return { status, body: text };
  const body: unknown = JSON.parse(text);
  const error = wrong.safeParse(body).data?.error;
  if (status >= 400 && error) {
    return personality.refusal(status, {
      message: error.message,
      code: error.code ?? null,
      param: error.param ?? null,
    });
  }
  const job = isJob(body);
  if (job) return { status, body: personality.job(job, sandbox) };
  const listed = list.safeParse(body).data;
  if (!listed) return { status, body };
  const data = listed.data.map((one) => (isJob(one) ? personality.job(one, sandbox) : one));
  return { status, body: { ...listed, data } };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
