// Listens for the HTTP surface with Node's own server, and stops within a known time.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { getRequestListener, RequestError } from '@hono/node-server';
import type { Hono } from 'hono';
import type { OnRequest } from './request-lines.ts';

export type Listening = AsyncDisposable & { port: number };

/** Load balancers close a connection that is idle for 60 s; what closes first must be they, not us. */
const KEEP_ALIVE_MS = 75_000;
/** Node's own. */
const LONGEST_HEADERS_MS = 60_000;
const LONGEST_REQUEST_MS = 300_000;
/** Where a request names none, as probes do that speak HTTP/1.0. */
const NO_HOST = 'localhost';
/** How long a request that is under way at the stop gets: half of what `docker stop` waits before it kills. */
const GRACE_MS = 5000;

/**
 * Disposing stops taking requests and waits for those that are under way, up to `graceMs`. A connection without one is
 * closed at once: a browser opens some ahead of need, and Node counts those that never sent a byte as busy.
 * @throws Error with one clear line when the address cannot be had.
 */
export async function listen(
  app: Pick<Hono, 'fetch'>,
  {
    host,
    port,
    keepAliveMs = KEEP_ALIVE_MS,
    graceMs = GRACE_MS,
    onRequest,
  }: { host: string; port: number; keepAliveMs?: number; graceMs?: number; onRequest?: OnRequest },
): Promise<Listening> {
  const sockets = new Set<Socket>();
  const answers = new Set<ServerResponse>();
  let closing = false;

  const handle = getRequestListener(app.fetch, { hostname: NO_HOST, errorHandler: refuseTarget });
  const timeouts = {
    keepAliveTimeout: keepAliveMs,
    // Of a connection that has not asked anything yet, which balancers open ahead of need. Node wants it below the
    // time that a whole request may take.
    headersTimeout: Math.min(Math.max(keepAliveMs, LONGEST_HEADERS_MS), LONGEST_REQUEST_MS),
    requestTimeout: LONGEST_REQUEST_MS,
  };
  const server = createServer(timeouts, (request, answer) => {
    answers.add(answer);
    onRequest?.(request, answer);
    answer.once('finish', () => letGo(request));
    answer.once('close', () => {
      answers.delete(answer);
      if (closing) closeUnused();
    });
    if (closing) answer.shouldKeepAlive = false;
    void handle(request, answer);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  function closeUnused(): void {
    const used = new Set([...answers].map((answer) => answer.req.socket));
    // What was written may still be on its way out.
    for (const socket of sockets) if (!used.has(socket)) socket.destroySoon();
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(new Error(inWords(error, host, port), { cause: error })));
    server.listen(port, host, resolve);
  });
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : port,
    async [Symbol.asyncDispose]() {
      closing = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const answer of answers) answer.shouldKeepAlive = false;
      closeUnused();
      const timeUp = setTimeout(() => {
        // Part of an answer must not be taken for the whole, which over HTTP/1.0 ends where the connection is closed.
        for (const answer of answers) if (answer.headersSent) answer.req.socket.resetAndDestroy();
        for (const socket of sockets) socket.destroy();
      }, graceMs);
      await closed.finally(() => clearTimeout(timeUp));
    },
  };
}

/**
 * What an answer did not wait for of its request's body is read and thrown away: it stands before the next request on the
 * connection, which behind a proxy may be somebody else's. Whoever read it has left it paused, and would pause it again.
 */
function letGo(request: IncomingMessage): void {
  if (request.readableEnded || request.destroyed) return;
  request.removeAllListeners('data');
  request.resume();
}

/** A target that is none, or a Host that cannot be one. What the app throws, it answers itself. */
function refuseTarget(error: unknown): Response {
  const [status, detail] =
    error instanceof RequestError
      ? [400, 'The target of the request, or its Host header, cannot be read.']
      : [500, 'Internal Server Error'];
  return Response.json({ detail }, { status });
}

function inWords(error: NodeJS.ErrnoException, host: string, port: number): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `goldtune cannot start: port ${port} on ${host} is in use by another program; set PORT to a free one (0 takes any).`;
    case 'EACCES':
      return `goldtune cannot start: this user may not listen on port ${port}; set PORT to one above 1023.`;
    default:
      return `goldtune cannot start: it cannot listen on HOST ${host}, PORT ${port}: ${error.message}`;
  }
}
