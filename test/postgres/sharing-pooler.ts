// A pooler that gives all its clients one session, as PgBouncer does between transactions; it knows plain queries only.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

const TERMINATE = 'X'.charCodeAt(0);
const READY = 'Z'.charCodeAt(0);
/** "You are in", and "ready for a query": one byte for the kind, four for the length, the content. */
const WELCOME = Buffer.from('520000000800000000' + '5a0000000549', 'hex');

export async function openSharingPooler(url: string): Promise<AsyncDisposable & { url: string }> {
  const to = new URL(url);
  const session = connect(Number(to.port), to.hostname);
  let turns: Promise<unknown> = Promise.resolve();
  let logIn: Promise<unknown> | null = null;
  const clients = new Set<Socket>();

  /** Sends a message and hands on the answer, until the session is ready for the next. */
  const ask = (message: Buffer, client: Socket | null) => {
    const turn = turns.then(async () => {
      session.write(message);
      for await (const answer of messages(session)) {
        client?.write(answer);
        if (answer[0] === READY) return;
      }
    });
    turns = turn;
    return turn;
  };
  const serve = async (client: Socket) => {
    const [startUp] = await once(client, 'data');
    logIn ??= ask(startUp, null);
    await logIn;
    client.write(WELCOME);
    for await (const message of messages(client)) {
      if (message[0] === TERMINATE) break;
      await ask(message, client);
    }
    client.end();
  };
  const server = createServer((client) => {
    clients.add(client);
    // A client may leave at any moment.
    serve(client).catch(() => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the pooler has no port');
  to.port = String(address.port);
  return {
    url: to.href,
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.destroy();
      session.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Whole messages, as they come; the socket stays open when nobody reads on. */
async function* messages(socket: Socket): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 5 && rest.length > rest.readUInt32BE(1)) {
      const end = 1 + rest.readUInt32BE(1);
      yield rest.subarray(0, end);
      rest = rest.subarray(end);
    }
  }
}
