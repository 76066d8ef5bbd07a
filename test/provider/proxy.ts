// A proxy as companies have them: it opens tunnels, and remembers to where and for whom.
import { connect } from 'node:net';
import { type ListeningServer, listening } from './listening.ts';

type Tunnel = { to: string; authorization: string | undefined };

export type Proxy = ListeningServer & {
  tunnels: Tunnel[];
  /** What goes into HTTP_PROXY, with that user and password. */
  addressFor(userinfo: string): string;
};

/** @param refusal answered instead of opening a tunnel. Names that end in `.test` are this machine. */
export async function startProxy(refusal?: (tunnel: Tunnel) => string): Promise<Proxy> {
  const through = await listening((_request, response) => response.writeHead(405).end());
  const tunnels: Tunnel[] = [];
  through.server.on('connect', (request, socket, head) => {
    const tunnel = { to: request.url ?? '', authorization: request.headers['proxy-authorization'] };
    tunnels.push(tunnel);
    if (refusal) return void socket.end(refusal(tunnel));
    const { hostname, port } = new URL(`http://${request.url}`);
    const onward = connect(Number(port), hostname.endsWith('.test') ? '127.0.0.1' : hostname, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [onward, socket]) {
      end.on('error', () => {});
      end.on('close', () => [onward, socket].map((either) => either.destroy()));
    }
  });
  return Object.assign(through, {
    tunnels,
    addressFor: (userinfo: string) => `http://${userinfo}@127.0.0.1:${through.port}`,
  });
}
