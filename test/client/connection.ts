// A line between client and server that can be cut at any moment, and led to another server.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export type Line = AsyncDisposable & {
  /** Where the client connects to. */
  url: string;
  /** Breaks every connection that is open; new ones can be made at once. */
  cut(): void;
  /** New connections lead there; open ones are cut. Null: nobody answers. */
  leadTo(url: string | null): void;
};

export async function openLine(to: string): Promise<Line> {
  let target: URL | null = new URL(to);
  const open = new Set<Socket>();
  const cut = () => {
    for (const socket of open) socket.resetAndDestroy();
  };
  const server = createServer((near) => {
    if (!target) return near.resetAndDestroy();
    const far = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
    return undefined;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the line has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    cut,
    leadTo(url) {
      target = url === null ? null : new URL(url);
      cut();
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}
