// A goldtune that stops half-way: every stage at which an answer can be left open, over real TCP.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';

/** How far an answer gets. */
export type Stage = 'nothing is answered' | 'headers and no body' | 'half of a body' | 'done and not answered';
export type StreamStage = 'an open stream, silent' | 'comments only';
/** What becomes of a request: it gets as far as that, or is answered by a real goldtune. */
export type Fate =
  | Stage
  | StreamStage
  | 'answered'
  | 'cut off'
  | 'a page of a proxy'
  | 'done and said to be unavailable';

export type Stalling = AsyncDisposable & {
  url: string;
  /** The paths that were asked for, in order. */
  asked: string[];
  /** How many are open. */
  readonly connections: number;
  /** How many comments its streams have sent. */
  readonly comments: number;
  /** Breaks every connection that is open. */
  cut(): void;
};

const COMMENT_EVERY_MS = 25;

/** Accepts connections and reads nothing of them. */
export async function acceptOnly(): Promise<Stalling> {
  const server = createTcpServer({ pauseOnConnect: true });
  return listening(server, { asked: [], comments: 0 });
}

/** `to` is the real goldtune behind, for what it passes on. */
export async function startStalling(fateOf: (path: string) => Fate, to = '', port = 0): Promise<Stalling> {
  const seen = { asked: [] as string[], comments: 0 };
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    seen.asked.push(path);
    const fate = fateOf(path);
    switch (fate) {
      case 'nothing is answered':
        return;
      case 'headers and no body':
        begin(response, path).flushHeaders();
        return;
      case 'half of a body':
        begin(response, path).write('{"result":{"data":{"id":');
        return;
      case 'an open stream, silent':
        openStream(response);
        return;
      case 'comments only':
        openStream(response);
        keepCommenting(response, seen);
        return;
      case 'done and not answered':
        await passedOn(request, to);
        return;
      case 'cut off':
        request.socket.resetAndDestroy();
        return;
      case 'a page of a proxy':
        response.writeHead(502, { 'content-type': 'text/html' }).end('<p>');
        return;
      case 'done and said to be unavailable':
        await passedOn(request, to);
        response.writeHead(503, { 'content-type': 'application/json' }).end(JSON.stringify(unavailable));
        return;
      case 'answered': {
        const answer = await passedOn(request, to);
        response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
        response.flushHeaders();
        for await (const chunk of answer.body ?? []) response.write(chunk);
        response.end();
        return;
      }
      default:
        fate satisfies never;
    }
  });
  return listening(server, seen, port);
}

/** As goldtune says it over tRPC. */
const unavailable = {
  error: {
    message: 'The server is shutting down.',
    code: -32603,
    data: { code: 'SERVICE_UNAVAILABLE', httpStatus: 503, reason: 'unavailable', fields: [], finetuning: null },
  },
};

const begin = (response: ServerResponse, path: string) =>
  path.includes('finetunings.watch')
    ? response.writeHead(200, { 'content-type': 'text/event-stream' })
    : response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });

const openStream = (response: ServerResponse) =>
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: connected\ndata: {}\n\n');

function keepCommenting(response: ServerResponse, seen: { comments: number }): void {
  const commenting = setInterval(() => {
    seen.comments += 1;
    response.write(': still here\n\n');
  }, COMMENT_EVERY_MS);
  response.on('close', () => clearInterval(commenting));
}

/** Cancels wait for nothing behind it: they are answered at once, however long they were to wait. */
async function passedOn(request: IncomingMessage, to: string): Promise<Response> {
  const body = (await text(request)).replace(/"wait_ms":\d+/, '"wait_ms":0');
  const type = request.headers['content-type'];
  return fetch(`${to}${request.url}`, {
    method: request.method ?? 'GET',
    headers: type ? { 'content-type': type } : {},
    ...(body === '' ? {} : { body }),
  });
}

async function listening(
  server: ReturnType<typeof createTcpServer>,
  seen: { asked: string[]; comments: number },
  port = 0,
): Promise<Stalling> {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it has no port');
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    ...seen,
    cut,
    get connections() {
      return open.size;
    },
    get comments() {
      return seen.comments;
    },
    url: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}

/** A fetch that lets something happen after the first try, before anybody hears of that. */
export function thenOnce(act: () => PromiseLike<unknown>): typeof fetch {
  let happened = false;
  return async (input, init) => {
    try {
      return await fetch(input, init);
    } finally {
      if (!happened) await act();
      happened = true;
    }
  };
}
