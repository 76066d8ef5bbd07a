// Who did what, when, with which key, from where: on the receipt, in the events, and in the list of all of it.
import { connect } from 'node:net';
import { eq, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { auditEntries } from '../../drizzle/audit-entries.ts';
import { events, finetunings, organizations } from '../../drizzle/schema.ts';
import { keysFor } from '../../server/access/keys.ts';
import { auditEntry } from '../../server/finetuning/contract/audit.ts';
import { timelineEvent } from '../../server/finetuning/contract/finetunings.ts';
import type { Scope } from '../../server/finetuning/principal.ts';
import { DEFAULT_ORGANIZATION } from '../../server/finetuning/record.ts';
import { keyStore } from '../../server/storage/api-keys.ts';
import { pastGuards } from '../past-guards.ts';
import { bodyOf, startWorld, type World } from '../world.ts';
import { rowsOf } from './fuzz/rows.ts';

const ADMIN_API_KEY = 'a-secret-of-the-test';
const OTHER = 'f'.repeat(24);
const admin = { authorization: `Bearer ${ADMIN_API_KEY}` };
const HERE = '127.0.0.1';
const configured = { who: 'key', id: 'admin', name: 'admin', from: HERE };
const LINES = { accept: 'application/x-ndjson' };

async function keyed(world: World, name: string, scopes: readonly Scope[], organization_id = DEFAULT_ORGANIZATION) {
  const maker = { organization_id, who: 'key', id: 'admin', name: 'admin', scopes: ['admin'] } as const;
  const keys = keysFor(
    keyStore(world.app.db),
    () => new Date().toISOString(),
    () => {},
    maker,
  );
  const { id, key } = await keys.create({ name, scopes, expires_at: null });
  return { id, headers: { authorization: `Bearer ${key}` } };
}

const keyedWorld = () => startWorld({ env: { ADMIN_API_KEY } });

async function connectionIn(world: World): Promise<unknown> {
  const made = await world.request('POST', '/api/v1/database-connections', { alias: 'library' }, admin);
  const { id } = bodyOf(made, 201);
  const records = Array.from({ length: 10 }, (_, index) => ({
    ...{ prompt_text: `How many ${index}?`, sql: `SELECT ${index}`, db_connection_id: id },
  }));
  bodyOf(await world.request('POST', '/api/v1/golden-sqls', records, admin), 201);
  return id;
}

async function started(world: World, headers: Record<string, string> = admin): Promise<string> {
  const input = { db_connection_id: await connectionIn(world) };
  return String(bodyOf(await world.request('POST', '/api/v1/finetunings', input, headers), 201)['id']);
}

async function told(world: World, id: string, headers: Record<string, string> = admin) {
  const { body } = await world.request('GET', `/api/v1/finetunings/${id}/events`, undefined, headers);
  return z.array(timelineEvent).parse(body);
}

async function audit(world: World, query = '', headers: Record<string, string> = admin) {
  const { status, body } = await world.request('GET', `/api/v1/audit${query}`, undefined, headers);
  expect({ status, body }).toMatchObject({ status: 200 });
  return z.array(auditEntry).parse(body);
}

/** What was done to runs. */
const ofRuns = <T extends { about: { kind: string } }>(entries: readonly T[]) =>
  entries.filter(({ about }) => about.kind === 'finetuning');

const typesOf = (entries: readonly { type: string }[]) => entries.map(({ type }) => type);

test('a key that stops a run is named by the receipt, by the event and in the audit, and is told apart from others of its name', async () => {
  await using world = await keyedWorld();
  const [id, other] = [await started(world), await started(world)];
  const [one, two] = [await keyed(world, 'on call', ['cancel']), await keyed(world, 'on call', ['cancel'])];
  const stop = (run: string, { headers }: typeof one) =>
    world.request('POST', `/api/v1/finetunings/${run}/cancel`, { reason: 'too dear' }, headers);
  const receipt = { requested_by: 'on call', requester: { who: 'key', id: one.id }, reason: 'too dear' };
  expect(bodyOf(await stop(id, one), 200)).toMatchObject({ status: 'cancelled', cancellation: receipt });
  expect(bodyOf(await stop(other, two), 200)).toMatchObject({ cancellation: { requester: { id: two.id } } });

  const by = { who: 'key', id: one.id, name: 'on call', from: HERE };
  const timeline = await told(world, id);
  expect(timeline.filter((event) => event.by?.id === one.id)).toMatchObject([{ by }]);
  expect(await audit(world, `?by=${one.id}`)).toMatchObject([{ by, about: { kind: 'finetuning', id } }]);
  expect(await audit(world, `?by=${two.id}`)).toMatchObject([{ about: { id: other } }]);
  // Another that asks later gets the receipt of the first.
  expect(bodyOf(await stop(id, two), 200)).toMatchObject({ cancellation: receipt });
});

test('whatever a caller causes says whose it is, and what is done by workers and the provider says that it is nobody', async () => {
  await using world = await keyedWorld();
  const id = await started(world);
  const path = `/api/v1/finetunings/${id}`;
  await world.until(() => world.jobsOf(id).length > 0, 'it is submitted');
  const { headers, ...deploy } = await keyed(world, 'deploy', ['run', 'cancel']);
  bodyOf(await world.request('PUT', path, { alias: 'mine' }, headers), 200);
  bodyOf(await world.request('POST', `${path}/cancel`, undefined, headers), 200);
  bodyOf(await world.request('DELETE', path, undefined, headers), 200);

  const by = { who: 'key', id: deploy.id, name: 'deploy', from: HERE };
  const entries = await audit(world, `?finetuning_id=${id}`);
  expect(typesOf(entries)).toEqual(['delete_requested', 'cancel_requested', 'updated', 'created']);
  expect(entries.map((entry) => entry.by)).toEqual([by, by, by, configured]);
  const rows = await world.app.db.select().from(events).where(eq(events.finetuning_id, id)).orderBy(events.version);
  const nobodys = rows.filter((row) => row.by === null);
  expect(typesOf(nobodys)).toEqual(expect.arrayContaining(['upload_started', 'submission_started', 'cancelled']));
  expect(rows.filter((row) => row.by !== null).map(({ version }) => version)).toEqual(
    entries.map(({ event_id }) => event_id).toReversed(),
  );
});

test('many that are stopped at once say whose wish it was, each', async () => {
  await using world = await keyedWorld();
  const ids = [await started(world), await started(world)];
  const { headers, id } = await keyed(world, 'night shift', ['cancel']);
  const answer = await world.request('POST', '/trpc/finetunings.cancelMany', { ids, reason: "it's dear" }, headers);
  expect(answer.status).toBe(200);
  const entries = await audit(world, `?by=${id}`);
  expect(new Set(entries.map(({ about }) => about.id))).toEqual(new Set(ids));
  for (const run of ids) {
    const [row] = await world.app.db.select().from(finetunings).where(eq(finetunings.id, run));
    expect(row).toMatchObject({ cancel_requested_by: 'night shift', cancel_requester: { who: 'key', id } });
  }
});

test('what is asked for again and changes nothing is no entry; a reason that comes later is one of whoever gave it', async () => {
  await using world = await keyedWorld();
  const input = { db_connection_id: await connectionIn(world) };
  const once = { ...admin, 'idempotency-key': 'once' };
  const { id } = bodyOf(await world.request('POST', '/api/v1/finetunings', input, once), 201);
  await world.request('POST', '/api/v1/finetunings', input, once);
  const path = `/api/v1/finetunings/${id}`;
  for (let time = 0; time < 2; time++) await world.request('PUT', path, { alias: 'mine' }, admin);
  for (let time = 0; time < 2; time++) await world.request('POST', `${path}/cancel`, undefined, admin);
  const later = await keyed(world, 'later', ['cancel']);
  await world.request('POST', `${path}/cancel`, undefined, later.headers);
  // Whether there was anything to stop at the provider yet, nobody here waits for.
  expect(typesOf(ofRuns(await audit(world)))).toEqual([
    expect.stringMatching(/^cancel(led|_requested)$/),
    'updated',
    'created',
  ]);

  const reasoned = await world.request('POST', `${path}/cancel`, { reason: 'wrong schema' }, later.headers);
  expect(bodyOf(reasoned, 200)).toMatchObject({ cancellation: { requested_by: 'admin', reason: 'wrong schema' } });
  expect(await audit(world, `?by=${later.id}`)).toMatchObject([
    { type: 'updated', message: 'Reason of the cancel added.' },
  ]);
});

test('where no key is asked for it is `local` that did it; what is asked in the process comes from nowhere', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed();
  const overHttp = await world.trpc.finetunings.create.mutate({ db_connection_id: connection.id });
  const within = await world.app.service.finetunings.create({ db_connection_id: connection.id, alias: 'within' }, null);
  const local = { who: 'local', id: 'local', name: 'local' };
  expect(ofRuns(await world.trpc.audit.list.query({}))).toMatchObject([
    { about: { id: within.id }, by: { ...local, from: null } },
    { about: { id: overHttp.id }, by: { ...local, from: HERE } },
  ]);
  const stopped = bodyOf(await world.cancel(overHttp.id), 200);
  expect(stopped).toMatchObject({ cancellation: { requested_by: 'local', requester: { who: 'local', id: 'local' } } });
});

test('an address that a request only claims is not believed', async () => {
  await using world = await keyedWorld();
  const claims = {
    'x-forwarded-for': '203.0.113.9',
    'x-real-ip': '203.0.113.9',
    forwarded: 'for=203.0.113.9',
    'cf-connecting-ip': '203.0.113.9',
  };
  await started(world, { ...admin, ...claims });
  expect(ofRuns(await audit(world))).toMatchObject([{ type: 'created', by: configured }]);
});

test('another organization sees nothing of it, whatever it filters by, as a page and as lines', async () => {
  await using world = await keyedWorld();
  const id = await started(world);
  await world.app.db.insert(organizations).values({ id: OTHER, name: 'other', created_at: new Date().toISOString() });
  const ours = await audit(world);
  expect(typesOf(ours)).toEqual(['created', 'golden_records_added', 'db_connection_created']);
  const { headers, id: key } = await keyed(world, 'theirs', ['admin'], OTHER);
  // That their key was made is all that was done there.
  const theirs = [{ type: 'key_created', about: { kind: 'key', id: key } }];
  for (const [query, seen] of [
    ['', theirs],
    ['?by=admin', theirs],
    [`?after=${ours[0]?.id.replace(/^0/, '1')}`, theirs],
    [`?finetuning_id=${id}`, []],
    ['?type=created', []],
    ['?type=db_connection_created', []],
    ['?type=golden_records_added&by=admin', []],
  ] as const) {
    const found = await audit(world, query, headers);
    expect([query, found]).toMatchObject([query, seen]);
    const lines = await fetch(`${world.app.url}/api/v1/audit${query}`, { headers: { ...headers, ...LINES } });
    const text = found.map((entry) => `${JSON.stringify(entry)}\n`).join('');
    expect([query, lines.status, await lines.text()]).toEqual([query, 200, text]);
  }
  expect(await audit(world)).toEqual(ours);
});

test('addresses are told to who has admin: to others events say who, and not from where', async () => {
  await using world = await keyedWorld();
  const id = await started(world);
  const { headers } = await keyed(world, 'dashboard', ['read']);
  expect((await told(world, id, headers))[0]).toMatchObject({ by: { ...configured, from: null } });
  expect((await told(world, id))[0]).toMatchObject({ by: configured });
  for (const [key, from] of [
    [headers, null],
    [admin, HERE],
  ] as const) {
    const leaving = new AbortController();
    const stream = await fetch(`${world.app.url}/api/v1/finetunings/${id}/events`, {
      headers: { ...key, accept: 'text/event-stream' },
      signal: leaving.signal,
    });
    let read = '';
    for await (const chunk of stream.body ?? []) {
      read += new TextDecoder().decode(chunk);
      if (read.includes('id: 1')) break;
    }
    leaving.abort();
    expect(read).toContain(`"from":${JSON.stringify(from)}`);
  }
  expect((await world.request('GET', '/api/v1/audit', undefined, headers)).status).toBe(403);
});

test('it is filtered by run, by whom, by type and by time, alone and together, and its pages are the list', async () => {
  await using world = await keyedWorld();
  const { headers, id: ci } = await keyed(world, 'ci', ['run', 'cancel']);
  const ids = [await started(world), await started(world, headers), await started(world)];
  for (const id of ids) {
    for (const alias of ['one', 'two'])
      await world.request('PUT', `/api/v1/finetunings/${id}`, { alias }, alias === 'one' ? admin : headers);
  }
  await world.request('POST', `/api/v1/finetunings/${ids[1]}/cancel`, undefined, headers);
  const all = await audit(world);
  expect(all).toHaveLength(17);
  expect(ofRuns(all)).toHaveLength(10);
  const stopped = all.find(({ type }) => type.startsWith('cancel'))?.type;
  expect(all.map(({ id }) => id)).toEqual(
    all
      .map(({ id }) => id)
      .toSorted()
      .toReversed(),
  );

  const times = all.map(({ created_at }) => created_at).toSorted();
  const middle = times[8] ?? '';
  type Entry = (typeof all)[number];
  const choices: [string, (entry: Entry) => boolean][][] = [
    [
      ['', () => true],
      [`finetuning_id=${ids[1]}`, ({ about }) => about.id === ids[1]],
    ],
    [
      ['', () => true],
      [`by=${ci}`, ({ by }) => by?.id === ci],
      ['by=admin', ({ by }) => by?.id === 'admin'],
      ['by=nobody', () => false],
    ],
    [
      ['', () => true],
      ['type=updated', ({ type }) => type === 'updated'],
      ['type=golden_records_added', ({ type }) => type === 'golden_records_added'],
      [`type=${stopped}`, ({ type }) => type === stopped],
    ],
    [
      ['', () => true],
      [`since=${middle}`, ({ created_at }) => created_at >= middle],
      [`until=${middle}`, ({ created_at }) => created_at < middle],
    ],
  ];
  const combinations = choices.reduce<[string, (entry: Entry) => boolean][]>(
    (made, more) =>
      made.flatMap(([q, f]) =>
        more.map(([r, g]): [string, (entry: Entry) => boolean] => [`${q}&${r}`, (entry) => f(entry) && g(entry)]),
      ),
    [['limit=2', () => true]],
  );
  expect(combinations).toHaveLength(96);
  for (const [query, holds] of combinations) {
    const paged: Entry[] = [];
    for (let next: string | null = `?${query}`; next !== null; ) {
      const { headers: answered, body } = await world.request('GET', `/api/v1/audit${next}`, undefined, admin);
      paged.push(...z.array(auditEntry).parse(body));
      next = /<(.*)>; rel="next"/.exec(answered.get('link') ?? '')?.[1] ?? null;
    }
    expect([query, paged]).toEqual([query, all.filter(holds)]);
  }
  // An offset is the same moment.
  expect(await audit(world, `?since=${encodeURIComponent(middle.replace('Z', '+00:00'))}`)).toEqual(
    all.filter(({ created_at }) => created_at >= middle),
  );
});

test('what an earlier version wrote is of nobody and no entry; what cannot be read of one leaves the others as they are', async () => {
  await using world = await keyedWorld();
  const [earlier, newer, usual] = [await started(world), await started(world), await started(world)];
  // As they are written where the column is not known, and where others ask than here.
  await pastGuards(world, sql`update events set "by" = null where finetuning_id = ${earlier}`);
  await pastGuards(
    world,
    sql`update events set "by" = '{"who":"robot","id":"r2"}' where finetuning_id = ${newer} and version = 1`,
  );
  expect((await told(world, earlier))[0]).toMatchObject({ type: 'created', by: null });
  expect((await told(world, newer))[0]).toMatchObject({ type: 'created', by: null });
  expect(ofRuns(await audit(world))).toMatchObject([
    { about: { id: usual }, by: configured },
    { about: { id: newer }, by: null },
  ]);
  // A stop that an earlier version took has the name alone.
  bodyOf(await world.request('POST', `/api/v1/finetunings/${usual}/cancel`, undefined, admin), 200);
  await pastGuards(world, sql`update finetunings set cancel_requester = null where id = ${usual}`);
  await pastGuards(world, sql`update events set changes = changes - 'cancel_requester' where finetuning_id = ${usual}`);
  const shown = await world.request('GET', `/api/v1/finetunings/${usual}`, undefined, admin);
  expect(bodyOf(shown, 200)).toMatchObject({ cancellation: { requested_by: 'admin', requester: null } });
});

test('what is no time, type or id is refused by its name; the farthest times and places are served', async () => {
  await using world = await keyedWorld();
  await started(world);
  for (const [query, field] of [
    ['since=yesterday', 'since'],
    ['until=2026-13-01T00:00:00Z', 'until'],
    ['type=canceled', 'type'],
    ['after=656a1c10eb4e22533dc44001', 'after'],
    ['finetuning_id=x', 'finetuning_id'],
    ['by=', 'by'],
    ['who=me', 'who'],
  ]) {
    const { status, body } = await world.request('GET', `/api/v1/audit?${query}`, undefined, admin);
    expect([query, status, JSON.stringify(body)]).toEqual([query, 422, expect.stringContaining(`"${field}"`)]);
    const lines = await world.request('GET', `/api/v1/audit?${query}`, undefined, { ...admin, ...LINES });
    expect([query, lines.status]).toEqual([query, 422]);
  }
  for (const [query, count] of [
    ['since=0000-01-01T00:00:00Z', 3],
    ['until=9999-12-31T23:59:59Z', 3],
    ['since=9999-12-31T23:59:59-14:00', 0],
    [`after=${'f'.repeat(44)}`, 3],
    [`after=${'0'.repeat(44)}`, 0],
  ] as const) {
    expect([query, (await audit(world, `?${query}`)).length]).toEqual([query, count]);
  }
});

/** So many changes of one run that is over, each by the key of the configuration, as if they had been asked for. */
async function changed(world: World, id: string, count: number, message = 'Alias or metadata changed.') {
  const path = `/api/v1/finetunings/${id}`;
  bodyOf(await world.request('POST', `${path}/cancel`, undefined, admin), 200);
  const ofRun = eq(finetunings.id, id);
  const over = async () => (await world.app.db.select().from(finetunings).where(ofRun))[0];
  await world.until(async () => (await over())?.due_at === null, 'nothing is left to do');
  const version = (await over())?.version ?? 0;
  await world.app.db.execute(sql`
    insert into events (finetuning_id, version, organization_id, type, message, changes, "by", created_at)
    select ${id}, ${version}::int + i, ${DEFAULT_ORGANIZATION}, 'updated', ${message}, '{}',
      ${JSON.stringify(configured)}::jsonb, now() + i / 3 * interval '1 ms' from generate_series(1, ${count}::int) as i`);
  await pastGuards(world, sql`update finetunings set version = ${version + count}::int where id = ${id}`);
}

test('as lines it is the whole list, in order, each entry once, and every line is JSON whatever a name holds', async () => {
  await using world = await keyedWorld();
  const name = 'on\ncall\r\u001b[31m "\u2028\u0085';
  const { headers } = await keyed(world, name, ['run']);
  const id = await started(world, headers);
  await changed(world, id, 4321);
  const answer = await fetch(`${world.app.url}/api/v1/audit?limit=7`, { headers: { ...admin, ...LINES } });
  expect(answer.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const text = await answer.text();
  const lines = text.split(/[\n\r\u0085\u2028\u2029]/);
  expect(lines.pop()).toBe('');
  const entries = lines.map((line) => auditEntry.parse(JSON.parse(line)));
  expect(entries).toHaveLength(4326);
  expect(entries).toEqual(entries.toSorted((one, two) => (one.id < two.id ? 1 : -1)));
  expect(new Set(entries.map((entry) => entry.id)).size).toBe(4326);
  expect(ofRuns(entries).at(-1)?.by?.name).toBe(name);
  const others = ['golden_records_added', 'db_connection_created', 'key_created'];
  expect(typesOf(entries.filter((entry) => entry.event_id === null))).toEqual(others);

  const from = entries[1000];
  const rest = await fetch(`${world.app.url}/api/v1/audit?after=${from?.id}`, { headers: { ...admin, ...LINES } });
  expect(await rest.text()).toBe(text.split('\n').slice(1001).join('\n'));
});

test.each(['1.1', '1.0'])(
  'lines are read as they are taken; where that fails in the middle the connection breaks off, over HTTP/%s too',
  async (version) => {
    await using world = await keyedWorld();
    const id = await started(world);
    // More than what is between the two may hold.
    await changed(world, id, 20_000, 'x'.repeat(2000));
    const { hostname, port } = new URL(world.app.url ?? '');
    const socket = connect(Number(port), hostname);
    const asked = ['GET /api/v1/audit HTTP/', `${version}\r\nhost: x\r\naccept: ${LINES.accept}\r\n`];
    socket.write(`${asked.join('')}authorization: ${admin.authorization}\r\n\r\n`);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    const broke = new Promise<unknown>((resolve) => {
      socket.on('error', resolve);
      socket.on('end', () => resolve('it ended'));
    });
    await world.until(() => text.includes('updated'), 'the first lines are there');
    socket.pause();
    await world.app.db.execute(sql`alter table events rename to events_away`);
    socket.resume();
    expect(await broke).toMatchObject({ code: 'ECONNRESET' });
    await world.app.db.execute(sql`alter table events_away rename to events`);
    expect(text).not.toContain('Error');
    expect(text).not.toMatch(/\r\n0\r\n\r\n$/);
    const broken = () => world.log.filter(({ message }) => message === 'an answer broke off').length;
    expect(broken()).toBe(1);

    // Who leaves is no fault of ours.
    const leaving = new AbortController();
    const left = await fetch(`${world.app.url}/api/v1/audit`, {
      headers: { ...admin, ...LINES },
      signal: leaving.signal,
    });
    await left.body?.getReader().read();
    leaving.abort();
    expect(await audit(world, '?limit=1')).toHaveLength(1);
    expect(broken()).toBe(1);
  },
);

const SECRET_PATH = 'services/T0/B0/only-they-know';

/**
 * Each act that is no run's, one after the other, as somebody does it over HTTP. @param did told each with what it was done
 * to and the answer, before and after which nothing else happens
 */
async function actOnEverything(
  world: World,
  headers: Record<string, string>,
  did: (
    type: string,
    about: { kind: string; id: unknown },
    ask: () => ReturnType<World['request']>,
  ) => Promise<unknown>,
) {
  const ask = (method: string, path: string, body?: unknown) => () =>
    world.request(method, `/api/v1/${path}`, body, headers);
  const made = async (path: string, body: unknown) =>
    bodyOf(await world.request('POST', `/api/v1/${path}`, body, admin), 201);
  const key = await made('keys', { name: 'ci', scopes: ['read'] });
  const endpoint = await made('webhook-endpoints', { url: `https://localhost:1/${SECRET_PATH}` });
  const at = `webhook-endpoints/${endpoint['id']}`;
  const delivery = bodyOf(await world.request('POST', `/api/v1/${at}/ping`, undefined, admin), 202);
  const connection = await made('database-connections', { alias: 'books' });
  const record = { prompt_text: 'Who?', sql: 'SELECT 1', db_connection_id: connection['id'] };
  const [id, key_id] = [connection['id'], key['id']];
  const new_ = expect.stringMatching(/^[0-9a-f]{24}$/);

  await did('key_created', { kind: 'key', id: new_ }, ask('POST', 'keys', { name: 'more', scopes: ['cancel'] }));
  await did('key_rotated', { kind: 'key', id: key_id }, ask('POST', `keys/${key_id}/rotate`, {}));
  await did('key_revoked', { kind: 'key', id: key_id }, ask('DELETE', `keys/${key_id}`));
  const ofEndpoint = { kind: 'webhook_endpoint', id: endpoint['id'] };
  const url = `https://localhost:2/${SECRET_PATH}?token=1`;
  await did('webhook_endpoint_created', { ...ofEndpoint, id: new_ }, ask('POST', 'webhook-endpoints', { url }));
  await did('webhook_endpoint_updated', ofEndpoint, ask('PUT', at, { url, enabled: false }));
  await did('webhook_secret_rotated', ofEndpoint, ask('POST', `${at}/rotate-secret`, {}));
  await did('webhook_redelivered', ofEndpoint, ask('POST', `${at}/deliveries/${delivery['id']}/redeliver`));
  await did('webhook_endpoint_deleted', ofEndpoint, ask('DELETE', at));
  const ofConnection = { kind: 'db_connection', id };
  await did(
    'db_connection_created',
    { ...ofConnection, id: new_ },
    ask('POST', 'database-connections', { alias: 'x' }),
  );
  await did('db_connection_updated', ofConnection, ask('PUT', `database-connections/${id}`, { alias: 'films' }));
  await did('golden_records_added', ofConnection, ask('POST', 'golden-sqls', [record, record]));
  const listed = await world.request('GET', `/api/v1/golden-sqls?db_connection_id=${id}`, undefined, admin);
  // None where the add was made to fail.
  const [stored] = z.array(z.object({ id: z.string() })).parse(listed.body);
  if (stored)
    await did(
      'golden_record_deleted',
      { kind: 'golden_record', id: stored.id },
      ask('DELETE', `golden-sqls/${stored.id}`),
    );
  await did('db_connection_deleted', ofConnection, ask('DELETE', `database-connections/${id}`));
  await did('bulk_cancel_started', { kind: 'bulk_cancel', id: new_ }, ask('POST', 'bulk-cancels', { ids: [OTHER] }));
}

test('what is done to keys, webhook endpoints, connections and records, and a bulk cancel, is one entry each, of whoever did it, without a secret', async () => {
  await using world = await keyedWorld();
  const { headers, id } = await keyed(world, 'on call', ['admin']);
  const by = { who: 'key', id, name: 'on call', from: HERE };
  const answers: string[] = [];
  const all: string[] = [];
  await actOnEverything(world, headers, async (type, about, ask) => {
    const { status, body } = await ask();
    expect([type, status]).toEqual([type, expect.toBeOneOf([200, 201, 202])]);
    answers.push(JSON.stringify(body));
    all.unshift(type);
    const entries = await audit(world, `?by=${id}`);
    expect(typesOf(entries)).toEqual(all);
    expect(entries[0]).toMatchObject({ type, about, by, event_id: null });
    expect(await audit(world, `?by=${id}&type=${type}`)).toEqual([entries[0]]);
  });
  expect(all).toHaveLength(14);

  const rows = await world.app.db.select().from(auditEntries);
  const text = JSON.stringify(rows);
  const secrets = answers.join().match(/whsec_[\w+/=]+|goldtune_\w+/g) ?? [];
  expect(secrets.length).toBeGreaterThanOrEqual(4);
  for (const secret of [...secrets, ...SECRET_PATH.split('/'), 'token']) expect(text).not.toContain(secret);
  expect(rows.map(({ organization_id }) => organization_id)).toEqual(rows.map(() => DEFAULT_ORGANIZATION));
  const words = rows.flatMap((row) => (row.by?.id === id ? [row.message] : []));
  expect(words).toEqual(
    expect.arrayContaining([
      'API key "ci" revoked.',
      'Webhook endpoint at localhost:2 changed: enabled, url.',
      'Database connection "films" changed: alias.',
      '1 golden record added.',
      'Cancel of 1 run begun.',
    ]),
  );
  await expect(world.app.db.execute(sql`update audit_entries set message = 'Nothing.'`)).rejects.toThrow();
  await expect(world.app.db.execute(sql`delete from audit_entries`)).rejects.toThrow();
});

test('where an entry cannot be committed nothing is done, and what is refused or changes nothing is no entry', async () => {
  await using world = await keyedWorld();
  const rows = await rowsOf(world.app.db, false);
  let failed = 0;
  await actOnEverything(world, admin, async (type, _, ask) => {
    await world.app.db.execute(sql`create or replace function refuse() returns trigger language plpgsql as
      $$ begin raise exception 'not this one'; end $$`);
    // At the commit: whatever the act has written by then is written.
    await world.app.db.execute(sql`create constraint trigger refuse after insert on audit_entries
      deferrable initially deferred for each row execute function refuse()`);
    const before = await rows();
    const { status } = await ask();
    expect([type, status]).toEqual([type, 500]);
    expect([type, await rows()]).toEqual([type, before]);
    await world.app.db.execute(sql`drop trigger refuse on audit_entries`);
    failed += 1;
  });
  // All but the delete of a record, of which there is none.
  expect(failed).toBe(13);

  const key = bodyOf(await world.request('POST', '/api/v1/keys', { name: 'ci', scopes: ['read'] }, admin), 201);
  const id = await connectionIn(world);
  const url = 'https://localhost:1/';
  const endpoint = bodyOf(await world.request('POST', '/api/v1/webhook-endpoints', { url }, admin), 201);
  bodyOf(await world.request('DELETE', `/api/v1/keys/${key['id']}`, undefined, admin), 200);
  const before = await rows();
  const again = { prompt_text: 'How many 1?', sql: 'SELECT 1', db_connection_id: id };
  const none = 'e'.repeat(24);
  for (const [method, path, body, status] of [
    ['DELETE', `keys/${key['id']}`, undefined, 200],
    ['PUT', `webhook-endpoints/${endpoint['id']}`, { url, enabled: true }, 200],
    ['PUT', `database-connections/${id}`, { alias: 'library', metadata: null }, 200],
    ['POST', 'golden-sqls', [again], 201],
    ['DELETE', `database-connections/${id}`, undefined, 409],
    ['POST', `keys/${key['id']}/rotate`, {}, 422],
    ['POST', 'keys', { name: 'ci', scopes: ['read'], expires_at: '2020-01-01T00:00:00.000Z' }, 422],
    ['DELETE', `keys/${none}`, undefined, 404],
    ['PUT', `webhook-endpoints/${none}`, { enabled: false }, 404],
    ['POST', `webhook-endpoints/${endpoint['id']}/deliveries/${none}/redeliver`, undefined, 404],
    ['DELETE', `golden-sqls/${none}`, undefined, 404],
    ['POST', 'bulk-cancels', { all: true, dry_run: true }, 200],
  ] as const) {
    const answer = await world.request(method, `/api/v1/${path}`, body, admin);
    expect([method, path, answer.status]).toEqual([method, path, status]);
    expect([method, path, await rows()]).toEqual([method, path, before]);
  }
});

test('an add that takes many transactions is one entry, with all its new records', async () => {
  await using world = await keyedWorld();
  const id = await connectionIn(world);
  const records = Array.from({ length: 1205 }, (_, index) => ({
    ...{ prompt_text: `How many ${index}?`, sql: `SELECT ${index}`, db_connection_id: id },
  }));
  bodyOf(await world.request('POST', '/api/v1/golden-sqls', records, admin), 201);
  const entries = await audit(world, '?type=golden_records_added');
  expect(entries.map(({ message, about }) => [message, about.id])).toEqual([
    ['1,195 golden records added.', id],
    ['10 golden records added.', id],
  ]);
});

test('an entry of a type or by somebody that is not known here is shown as far as it can be, and hides no other', async () => {
  await using world = await keyedWorld();
  await connectionIn(world);
  const later = '2100-01-01T00:00:00.000Z';
  await world.app.db.execute(sql`insert into audit_entries
    values (${OTHER}, ${DEFAULT_ORGANIZATION}, 'robot_oiled', 'robot', 'R 2', 'Oiled.', '{"who":"robot"}', ${later})`);
  const entries = await audit(world);
  expect(typesOf(entries)).toEqual(['robot_oiled', 'golden_records_added', 'db_connection_created']);
  expect(entries[0]).toMatchObject({ about: { kind: 'robot', id: 'R 2' }, by: null, created_at: later });
});
