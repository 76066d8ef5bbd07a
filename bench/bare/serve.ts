// A handler on node:http that answers each request with JSON, and tells its port to who started it.
import { createServer } from 'node:http';

/** @param answer what is not there is null */
export function serve(answer: (url: URL) => Promise<unknown>): void {
  const server = createServer(async (request, response) => {
    const found = await answer(new URL(request.url ?? '/', 'http://127.0.0.1'));
    response.writeHead(found === null ? 404 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(found));
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object') process.send?.({ port: address?.port });
  });
}
