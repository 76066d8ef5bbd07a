// A server of a test's own that remembers what it was asked.
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';

type Seen = { method: string; path: string; headers: IncomingHttpHeaders; body: string };

export type ListeningServer = AsyncDisposable & { seen: Seen[]; server: Server; port: number; url: string };

/** Each request is read to its end before it is answered. */
export async function listening(answer: RequestListener): Promise<ListeningServer> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const asked = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body: '' };
    seen.push(asked);
    request.setEncoding('utf8').on('data', (part: string) => {
      asked.body += part;
    });
    request.on('end', () => answer(request, response));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
  return {
    seen,
    server,
    port,
    url: `http://127.0.0.1:${port}/v1`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
