// What one client can ask for at the largest size that is allowed, or is refused for being larger. Somebody else's
// cancel is watched meanwhile (neighbour.test.ts), and measured (bench/neighbour.ts).
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/** Anything that answers as goldtune does over HTTP. */
export type Goldtune = { url: string };
/** Does it, and calls `meanwhile` once it is under way. @throws Error where it was not answered as it should be */
type Act = (meanwhile: () => Promise<void>) => Promise<void>;
/** Everything that it needs is there when this has resolved. */
export type Heavy = (goldtune: Goldtune) => Promise<Act>;

const MOST_RECORDS = 50_000;
const STREAMS = 1000;

type Sent = { method?: string; type?: string; body?: string; status: number };

/**
 * What was answered, which has to be of that status and, where it refuses, small. However long it takes: `fetch` gives up
 * after five minutes, which is how long a machine that is busy may need for fifty of these.
 */
async function ask(goldtune: Goldtune, path: string, { method = 'POST', type, body, status }: Sent): Promise<unknown> {
  const asked = request(`${goldtune.url}${path}`, { method, headers: { 'content-type': type ?? 'application/json' } });
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  asked.on('response', resolve).on('error', reject).end(body);
  const response = await promise;
  const answer = await text(response);
  if (response.statusCode !== status) throw new Error(`${path}: ${response.statusCode}: ${answer.slice(0, 300)}`);
  if (status >= 400 && answer.length > 64 * 1024) throw new Error(`${path} refused in ${answer.length} characters`);
  return JSON.parse(answer);
}

const idIn = (body: unknown): string => String(Object(body).id);

const connectionAt = async (goldtune: Goldtune, dialect = 'postgresql') =>
  idIn(
    await ask(goldtune, '/api/v1/database-connections', {
      body: JSON.stringify({ alias: 'neighbour', dialect, schema_sql: 'CREATE TABLE books (id integer, title text);' }),
      status: 201,
    }),
  );

const record = (db_connection_id: string, index: number) => ({
  db_connection_id,
  prompt_text: `How many books have an id above ${index}?`,
  sql: `SELECT count(*) FROM books WHERE id > ${index}`,
});
const recordsOf = (connection: string, count: number) =>
  JSON.stringify(Array.from({ length: count }, (_, index) => record(connection, index)));

/** A connection with as many records as one call takes. */
async function fullConnection(goldtune: Goldtune): Promise<string> {
  const connection = await connectionAt(goldtune);
  await ask(goldtune, '/api/v1/golden-sqls', { body: recordsOf(connection, MOST_RECORDS), status: 201 });
  return connection;
}

const createOn = async (goldtune: Goldtune, db_connection_id: string) =>
  idIn(
    await ask(goldtune, '/api/v1/finetunings', {
      body: JSON.stringify({ db_connection_id, alias: 'of the neighbour' }),
      status: 201,
    }),
  );

/** Requests that are under way until they are answered. */
const atOnce =
  (...requests: (() => Promise<unknown>)[]): Act =>
  async (meanwhile) => {
    await Promise.all([...requests.map((request) => request()), meanwhile()]);
  };

const MEGABYTE = 1024 * 1024;
const fileOf = async (goldtune: Goldtune, text: string, files = 1): Promise<Act> => {
  const connection = await connectionAt(goldtune);
  const path = `/api/v1/golden-sqls?db_connection_id=${connection}`;
  return atOnce(...Array(files).fill(() => ask(goldtune, path, { type: 'text/csv', body: text, status: 422 })));
};

/** Opens streams of the run over both transports, and reads none. */
async function openStreams(goldtune: Goldtune, run: string, count: number, signal: AbortSignal): Promise<void> {
  const input = encodeURIComponent(JSON.stringify({ id: run }));
  const paths = [`/api/v1/finetunings/${run}/events`, `/trpc/finetunings.watch?input=${input}`];
  const open = async (index: number) => {
    const path = paths[index % paths.length] ?? '';
    const response = await fetch(`${goldtune.url}${path}`, { headers: { accept: 'text/event-stream' }, signal });
    if (response.status !== 200) throw new Error(`stream ${index} was answered ${response.status}`);
  };
  // As many as a system takes connections for before the program has looked at them.
  const AT_ONCE = 100;
  for (let first = 0; first < count; first += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - first) }, (_, index) => open(first + index)));
  }
}

const streamsOn =
  (count: number, connectionOf: (goldtune: Goldtune) => Promise<string>): Heavy =>
  async (goldtune) => {
    const run = await createOn(goldtune, await connectionOf(goldtune));
    return async (meanwhile) => {
      const over = new AbortController();
      try {
        await openStreams(goldtune, run, count, over.signal);
        await meanwhile();
      } finally {
        over.abort();
      }
    };
  };

async function smallConnection(goldtune: Goldtune): Promise<string> {
  const connection = await connectionAt(goldtune);
  await ask(goldtune, '/api/v1/golden-sqls', { body: recordsOf(connection, 12), status: 201 });
  return connection;
}

/** A dozen nested brackets that do not end well keep a parser that backtracks busy for very long. */
const endless = (index: number) => `SELECT ${index} FROM ${'('.repeat(30)}a`;

export const heavy: Record<string, Heavy> = {
  'an import of 50,000 records': async (goldtune) => {
    const body = recordsOf(await connectionAt(goldtune), MOST_RECORDS);
    return atOnce(() => ask(goldtune, '/api/v1/golden-sqls', { body, status: 201 }));
  },
  'a run on 50,000 records is created': async (goldtune) => {
    const connection = await fullConnection(goldtune);
    return atOnce(() => createOn(goldtune, connection));
  },
  '1,000 streams of one run': streamsOn(STREAMS, smallConnection),
  '20 streams of a run on 50,000 records': streamsOn(20, fullConnection),
  '50 lists at once of runs on 50,000 records': async (goldtune) => {
    const connection = await fullConnection(goldtune);
    for (let runs = 0; runs < 3; runs++) await createOn(goldtune, connection);
    const list = () => ask(goldtune, '/api/v1/finetunings?limit=100', { method: 'GET', status: 200 });
    return atOnce(...Array(50).fill(list));
  },
  'three files of seven million rows': (goldtune) =>
    fileOf(goldtune, `question,sql\n${'a,b\n'.repeat(7 * MEGABYTE)}`, 3),
  'a header of 30 MB of commas': (goldtune) => fileOf(goldtune, ','.repeat(30 * MEGABYTE)),
  '50,000 records with three wrong fields each': async (goldtune) => {
    const body = JSON.stringify(Array(MOST_RECORDS).fill({ prompt_text: 1, sql: 2, db_connection_id: 'none' }));
    return atOnce(() => ask(goldtune, '/api/v1/golden-sqls', { body, status: 422 }));
  },
  'records whose SQL keeps the parser busy': async (goldtune) => {
    const connection = await connectionAt(goldtune, 'mysql');
    const body = JSON.stringify(
      Array.from({ length: 200 }, (_, index) => ({ ...record(connection, index), sql: endless(index) })),
    );
    return atOnce(() => ask(goldtune, '/api/v1/golden-sqls', { body, status: 201 }));
  },
  '15 kB of commas for tRPC, a hundred times': async (goldtune) => {
    const commas = ','.repeat(15_000);
    const send = async () => {
      const response = await fetch(`${goldtune.url}/trpc/${commas}?batch=1`);
      const { length } = await response.text();
      if (response.status < 400 || response.status >= 500 || length > 64 * 1024) {
        throw new Error(`commas were answered ${response.status} in ${length} characters`);
      }
    };
    return atOnce(...Array(100).fill(send));
  },
  'a body that arrives byte by byte': async (goldtune) => async (meanwhile) => {
    const over = new AbortController();
    async function* slowly() {
      yield Buffer.from('[');
      while (!over.signal.aborted) {
        yield Buffer.from(' ');
        await sleep(5, undefined, { signal: over.signal }).catch(() => {});
      }
    }
    const sending = Array.from({ length: 50 }, () =>
      fetch(`${goldtune.url}/api/v1/golden-sqls`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: ReadableStream.from(slowly()),
        duplex: 'half',
        signal: over.signal,
      }).catch(() => {}),
    );
    await meanwhile();
    over.abort();
    await Promise.all(sending);
  },
};
