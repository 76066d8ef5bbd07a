// A line to Postgres on which chosen statements go wrong, and which can stop passing anything at all. It knows enough of
// the protocol to find the statements; an error is raised by the server itself, so that it is what a server would say.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export type DatabaseFault =
  /** The server raises this instead of carrying the statement out. */
  | { kind: 'raise'; sqlstate: string }
  /** The server ends the session, as it is told to stop. */
  | { kind: 'end_session' }
  /** The connection breaks before the statement arrives. */
  | { kind: 'cut_before' }
  /** It is carried out, and the connection breaks before the answer. */
  | { kind: 'cut_after' }
  /** It never arrives, and nothing is ever answered. */
  | { kind: 'silence_before' }
  /** It is carried out, and nothing is ever answered. */
  | { kind: 'silence_after' };

/** Of the connections of that name (`application_name`), the statements from that one on, so many of them. */
export type Rule = { on: string; from: number; times: number; fault: DatabaseFault };

export type FaultyLine = AsyncDisposable & {
  /** The database, by this line. */
  url: string;
  /** Counts the statements anew, and lets them go wrong by the rule; null: none. @returns how many went wrong before */
  breakBy(rule: Rule | null): number;
  /** The statements since then on the connections that the rule is about, or that have any name. */
  statements(on: string): string[];
  /** How often since then such a connection has waited for the server: each time that it asked to be told of the end. */
  roundTrips(on: string): number;
  /** Nothing passes, in either direction; new connections are taken, and not heard. */
  freeze(): void;
  thaw(): void;
};

const [QUERY, PARSE, BIND, SYNC] = ['Q', 'P', 'B', 'S'].map((kind) => kind.charCodeAt(0));
/** Whether a connection is a new one makes no difference to the count. */
const BEGINS_SESSION = /set_config/;
const READY = 'Z'.charCodeAt(0);

export async function openFaultyLine(to: string): Promise<FaultyLine> {
  const target = new URL(to);
  const sockets = new Set<Socket>();
  let rule: Rule | null = null;
  let seen: { on: string; text: string }[] = [];
  let trips: string[] = [];
  let wrong = 0;
  let isFrozen = false;

  /** The fault that is due with this statement. */
  function due(on: string, text: string): DatabaseFault | null {
    if (BEGINS_SESSION.test(text)) return null;
    seen.push({ on, text });
    if (rule?.on !== on || wrong >= rule.times) return null;
    if (seen.filter((one) => one.on === on).length <= rule.from) return null;
    wrong += 1;
    return rule.fault;
  }

  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    let name: string | null = null;
    let isSilent = false;
    let cutWhenReady = false;
    /** Until its end, what the client sent for a statement that is not carried out. */
    let skipping = false;
    /** Statements are prepared once, and then carried out by their names. */
    const prepared = new Map<string, string>();

    const onMessage = (message: Buffer) => {
      const arriving = passing(message);
      if (arriving) far.write(arriving);
    };
    const onAnswer = (message: Buffer) => {
      if (isSilent) return;
      if (!cutWhenReady) near.write(message);
      else if (message[0] === READY) cut();
    };
    near.on(
      'data',
      eachMessage(() => name === null, onMessage),
    );
    far.on(
      'data',
      eachMessage(() => false, onAnswer),
    );
    const cut = () => {
      near.resetAndDestroy();
      far.destroy();
    };

    /** @returns what is to arrive of it */
    function passing(message: Buffer): Buffer | null {
      if (name === null) {
        name = /application_name\0([^\0]*)/.exec(message.toString())?.[1] ?? '';
        return message;
      }
      if (isSilent) return null;
      if (skipping) {
        skipping = message[0] !== SYNC;
        return null;
      }
      const text = textOf(message, prepared);
      const isSession = text !== null && BEGINS_SESSION.test(text);
      if (message[0] === SYNC || (message[0] === QUERY && !isSession)) trips.push(name);
      const fault = text === null ? null : due(name, text);
      if (fault === null) return message;
      const instead = (statement: string) => {
        skipping = message[0] === BIND;
        return queryOf(statement);
      };
      switch (fault.kind) {
        case 'raise':
          return instead(`DO $$ BEGIN RAISE EXCEPTION 'rehearsed' USING ERRCODE = '${fault.sqlstate}'; END $$`);
        case 'end_session':
          return instead('SELECT pg_terminate_backend(pg_backend_pid())');
        case 'cut_before':
          cut();
          return null;
        case 'cut_after':
          cutWhenReady = true;
          return message;
        case 'silence_before':
          isSilent = true;
          return null;
        case 'silence_after':
          // What belongs to it still arrives; what it is answered does not.
          far.removeAllListeners('data').resume();
          return message;
        default:
          return fault satisfies never;
      }
    }

    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.setNoDelay();
      if (isFrozen) socket.pause();
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the line has no port');
  const url = new URL(to);
  url.port = String(address.port);
  return {
    url: url.href,
    breakBy(next) {
      const before = wrong;
      [rule, seen, trips, wrong] = [next, [], [], 0];
      return before;
    },
    statements: (on) => seen.filter((one) => one.on === on).map(({ text }) => text),
    roundTrips: (on) => trips.filter((one) => one === on).length,
    freeze() {
      isFrozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw() {
      isFrozen = false;
      for (const socket of sockets) socket.resume();
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Whole messages as they come: a byte for the kind, which the very first of a client lacks, four for the length. */
function eachMessage(isFirst: () => boolean, take: (message: Buffer) => void) {
  let rest = Buffer.alloc(0);
  return (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const kind = isFirst() ? 0 : 1;
      if (rest.length < kind + 4 || rest.length < kind + rest.readUInt32BE(kind)) return;
      const end = kind + rest.readUInt32BE(kind);
      const message = rest.subarray(0, end);
      rest = rest.subarray(end);
      take(message);
    }
  };
}

/** Of a message that has a statement carried out: in words, or by the name under which it was prepared. */
function textOf(message: Buffer, prepared: Map<string, string>): string | null {
  const [first = '', second = ''] = message.toString('utf8', 5).split('\0');
  switch (message[0]) {
    case QUERY:
      return first;
    case PARSE:
      prepared.set(first, second);
      return null;
    case BIND:
      // Its portal, which ours have none of, then the statement.
      return prepared.get(second) ?? '';
    default:
      return null;
  }
}

function queryOf(text: string): Buffer {
  const content = Buffer.from(`${text}\0`);
  const head = Buffer.alloc(5);
  head[0] = QUERY ?? 0;
  head.writeUInt32BE(content.length + 4, 1);
  return Buffer.concat([head, content]);
}
