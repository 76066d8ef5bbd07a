// A field that is not known: refused with the name that was meant, and nothing started; on a stop carried out and told.
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { dbConnections } from '../../drizzle/schema.ts';
import { routes } from '../../server/http/rest/routes.ts';
import { appRouter } from '../../server/http/trpc/router.ts';
import { rowCounts } from '../picture.ts';
import { bodyOf, startWorld, type World } from '../world.ts';

const UNKNOWN_ID = 'a'.repeat(24);
const FINETUNINGS = '/api/v1/finetunings';
const RECORDS = '/api/v1/golden-sqls';

const refusal = (loc: (string | number)[], msg: string) => ({ loc, msg, type: 'extra_forbidden' });
const meant = (name: string, other: string) => `${name} is not known; did you mean ${other}?`;

/** Over tRPC as any client would send it, whatever the types say. */
const call = (world: World, path: string, input: unknown) => world.request('POST', `/trpc/${path}`, input);
const query = (world: World, path: string, input: unknown) =>
  world.request('GET', `/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`);

describe('what starts or changes something is refused for it, over both transports alike, and nothing is stored', () => {
  const wrong: [
    what: string,
    rest: [string, string],
    procedure: string,
    input: object | object[],
    loc: (string | number)[],
    msg: string,
  ][] = [
    [
      'records that are called otherwise, which trained on all of them',
      ['POST', FINETUNINGS],
      'finetunings.create',
      { db_connection_id: UNKNOWN_ID, golden_record_ids: [UNKNOWN_ID] },
      ['body', 'golden_record_ids'],
      meant('golden_record_ids', 'golden_records'),
    ],
    [
      'a parameter that is called otherwise, which left the default',
      ['POST', FINETUNINGS],
      'finetunings.create',
      { db_connection_id: UNKNOWN_ID, base_llm: { model_parameters: { epochs: 1 } } },
      ['body', 'base_llm', 'model_parameters', 'epochs'],
      meant('epochs', 'n_epochs'),
    ],
    [
      'a parameter in the wrong place',
      ['POST', FINETUNINGS],
      'finetunings.create',
      { db_connection_id: UNKNOWN_ID, n_epochs: 1 },
      ['body', 'n_epochs'],
      meant('n_epochs', 'base_llm.model_parameters.n_epochs'),
    ],
    [
      'a model that is called otherwise',
      ['POST', FINETUNINGS],
      'finetunings.create',
      { db_connection_id: UNKNOWN_ID, base_llm: { modelname: 'gpt-4.1' } },
      ['body', 'base_llm', 'modelname'],
      meant('modelname', 'model_name'),
    ],
    [
      'a change that is none',
      ['PUT', `${FINETUNINGS}/${UNKNOWN_ID}`],
      'finetunings.update',
      { name: 'x' },
      ['body', 'name'],
      'name is not known; known are alias, metadata',
    ],
    [
      'a field of the third golden record',
      ['POST', RECORDS],
      'goldenRecords.add',
      [0, 1, 2].map((index) => ({
        prompt_text: 'How many?',
        sql: 'SELECT 1',
        db_connection_id: UNKNOWN_ID,
        ...(index === 2 ? { meta: {} } : {}),
      })),
      ['body', 2, 'meta'],
      meant('meta', 'metadata'),
    ],
    [
      'the schema of a connection that is called otherwise',
      ['POST', '/api/v1/database-connections'],
      'dbConnections.create',
      { alias: 'x', schema: 'CREATE TABLE a (b int)' },
      ['body', 'schema'],
      meant('schema', 'schema_sql'),
    ],
    [
      'the dialect of a connection that is called otherwise',
      ['PUT', `/api/v1/database-connections/${UNKNOWN_ID}`],
      'dbConnections.update',
      { dialekt: 'mysql' },
      ['body', 'dialekt'],
      meant('dialekt', 'dialect'),
    ],
    [
      'the end of a key that is called otherwise, which left it open for ever',
      ['POST', '/api/v1/keys'],
      'keys.create',
      { name: 'x', scopes: ['read'], expire_at: '2999-01-01T00:00:00Z' },
      ['body', 'expire_at'],
      meant('expire_at', 'expires_at'),
    ],
  ];

  test.each(wrong)('%s', async (_what, [method, path], procedure, input, loc, msg) => {
    await using world = await startWorld();
    const before = await rowCounts(world.app.db);
    expect(await world.request(method, path, input)).toMatchObject({
      status: 422,
      body: { detail: [refusal(loc, msg)] },
    });
    const named = path.endsWith(UNKNOWN_ID) ? { ...input, id: UNKNOWN_ID } : input;
    expect(await call(world, procedure, named)).toMatchObject({
      status: 422,
      body: { error: { data: { reason: 'invalid', httpStatus: 422, fields: [refusal(loc, expect.any(String))] } } },
    });
    expect(await rowCounts(world.app.db)).toEqual(before);
    expect(world.faults.requests).toEqual([]);
  });
});

test('all that is wrong with a request is told at once, in the query and in the body', async () => {
  await using world = await startWorld();
  const answer = await world.request('POST', `${FINETUNINGS}?dry_run=true`, { db_connection: UNKNOWN_ID });
  expect(answer).toMatchObject({ status: 422 });
  expect(Object(answer.body).detail).toEqual([
    refusal(['query', 'dry_run'], 'dry_run is not known'),
    { loc: ['body', 'db_connection_id'], msg: 'Field required', type: 'missing' },
    refusal(['body', 'db_connection'], meant('db_connection', 'db_connection_id')),
  ]);
});

test('a list is refused for a parameter it does not know, instead of listing something else', async () => {
  await using world = await startWorld();
  for (const [path, procedure, name, other] of [
    [FINETUNINGS, 'finetunings.list', 'stauts', 'status'],
    [RECORDS, 'goldenRecords.list', 'db_connection', 'db_connection_id'],
    ['/api/v1/database-connections', 'dbConnections.list', 'limti', 'limit'],
    ['/api/v1/keys', 'keys.list', 'aftre', 'after'],
    [`${FINETUNINGS}/${UNKNOWN_ID}/events`, 'finetunings.events', 'aftre', 'after'],
  ] as const) {
    const fields = [refusal(['query', name], meant(name, other))];
    expect(await world.request('GET', `${path}?${name}=1`)).toMatchObject({ status: 422, body: { detail: fields } });
    const id = procedure === 'finetunings.events' ? { id: UNKNOWN_ID } : {};
    const answer = await query(world, procedure, { ...id, [name]: '1' });
    expect(answer).toMatchObject({ status: 422, body: { error: { data: { fields: [{ loc: ['query', name] }] } } } });
  }
});

test('an upload is refused for a parameter or a form field it does not know, before the file is read', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed(1);
  const before = await rowCounts(world.app.db);
  const csv = 'Frage,Abfrage\nWie viele?,SELECT 1\n';
  const misspelt = refusal(['query', 'prompt_colum'], meant('prompt_colum', 'prompt_column'));
  const asBody = `${RECORDS}?db_connection_id=${connection.id}&prompt_colum=Frage`;
  expect(await world.request('POST', asBody, csv, { 'content-type': 'text/csv' })).toMatchObject({
    status: 422,
    body: { detail: [misspelt] },
  });
  expect(await world.request('POST', `${RECORDS}?connection_id=${connection.id}`, csv)).toMatchObject({
    status: 422,
    body: { detail: [refusal(['query', 'connection_id'], meant('connection_id', 'db_connection_id'))] },
  });
  const form = new FormData();
  form.set('prompt_colum', 'Frage');
  form.set('file', new Blob([csv]), 'export.csv');
  expect(await world.request('POST', `${RECORDS}?db_connection_id=${connection.id}`, form)).toMatchObject({
    status: 422,
    body: { detail: [{ ...misspelt, loc: ['body', 'prompt_colum'] }] },
  });
  expect(await rowCounts(world.app.db)).toEqual(before);
});

describe('a stop is carried out whatever else was sent, and the answer names what was ignored', () => {
  const ignored = (name: string, other: string) => [`${meant(name, other)} It was ignored.`];

  test('a cancel over REST, in body and query', async () => {
    await using world = await startWorld();
    const run = await world.createIn('running');
    const answer = await world.request('POST', `${FINETUNINGS}/${run.id}/cancel?wiat=3`, { resaon: 'wrong schema' });
    expect(answer).toMatchObject({ status: 200, body: { status: 'cancelled', cancellation: { reason: null } } });
    expect(Object(answer.body).warnings).toEqual([
      'wiat is not known. It was ignored.',
      ...ignored('resaon', 'reason'),
    ]);
    expect(world.jobsOf(run.id).map(({ status }) => status)).toEqual(['cancelled']);
    expect(bodyOf(await world.cancel(run.id), 200)).not.toHaveProperty('warnings');
  });

  test('a cancel over tRPC, of one and of many', async () => {
    await using world = await startWorld();
    const [one, other] = [await world.createIn('running'), await world.createIn('running')];
    expect(await call(world, 'finetunings.cancel', { id: one.id, resaon: 'x' })).toMatchObject({
      status: 200,
      body: { result: { data: { status: 'cancelled', warnings: ignored('resaon', 'reason') } } },
    });
    expect(await call(world, 'finetunings.cancelMany', { ids: [other.id], resaon: 'x' })).toMatchObject({
      body: { result: { data: [{ finetuning: { status: 'cancelled' }, warnings: ignored('resaon', 'reason') }] } },
    });
    const again = await world.trpc.finetunings.cancel.mutate({ id: one.id, reason: 'known' });
    expect(again).not.toHaveProperty('warnings');
  });

  test('a delete over both transports, with a body that no delete has', async () => {
    await using world = await startWorld();
    const [one, other] = [await world.createIn('running'), await world.createIn('running')];
    const answer = await world.request('DELETE', `${FINETUNINGS}/${one.id}?force=1`, { keep_file: true });
    expect(answer).toMatchObject({ status: 200, body: { status: true } });
    expect(Object(answer.body).warnings).toEqual([
      'force is not known. It was ignored.',
      'keep_file is not known. It was ignored.',
    ]);
    expect(await call(world, 'finetunings.delete', { id: other.id, wait: 5 })).toMatchObject({
      body: { result: { data: { status: true, forgotten: true, warnings: ignored('wait', 'wait_ms') } } },
    });
    expect(world.ledger.files()).toEqual([]);
  });

  test('a golden record is hidden over both transports', async () => {
    await using world = await startWorld();
    const { connection, records } = await world.seed(2);
    const [one, other] = records.map(({ id }) => id);
    expect(await world.request('DELETE', `${RECORDS}/${one}`, 'not json')).toMatchObject({
      status: 200,
      body: { status: true, warnings: ['The body was ignored.'] },
    });
    expect(await call(world, 'goldenRecords.delete', { id: other, hard: true })).toMatchObject({
      body: { result: { data: { status: true, warnings: [expect.stringContaining('hard')] } } },
    });
    expect(await world.trpc.goldenRecords.list.query({ db_connection_id: connection.id })).toEqual([]);
  });

  test('but a field that is known is held to its form, and nothing is cancelled', async () => {
    await using world = await startWorld();
    const run = await world.createIn('running');
    const field = { loc: ['body', 'reason'], msg: 'Input should be a valid string', type: 'string_type' };
    expect(await world.cancel(run.id, { reason: 5 })).toMatchObject({ status: 422, body: { detail: [field] } });
    expect(await call(world, 'finetunings.cancel', { id: run.id, reason: 5 })).toMatchObject({
      status: 422,
      body: { error: { message: 'reason: Input should be a valid string', data: { fields: [field] } } },
    });
    expect(await world.get(run.id)).toMatchObject({ status: 'running', cancellation: null });
  });
});

test('a name or a value that is a million characters long was repeated whole in the refusal', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed(10);
  const run = await world.createIn('running');
  const long = 'a'.repeat(1_000_000);
  for (const [path, input] of [
    [FINETUNINGS, { db_connection_id: UNKNOWN_ID, [long]: 1 }],
    [FINETUNINGS, { db_connection_id: UNKNOWN_ID, metadata: { [long]: 1 } }],
    [FINETUNINGS, { db_connection_id: connection.id, base_llm: { model_name: long } }],
    ['/trpc/finetunings.create', { db_connection_id: UNKNOWN_ID, [long]: 1 }],
    [`${FINETUNINGS}/${run.id}/cancel`, { finetuning_id: long }],
    [`${FINETUNINGS}/%7Bfinetuning_id%7D/cancel`, { finetuning_id: long }],
  ] as const) {
    const answer = await world.request('POST', path, input);
    const { status, body } = answer;
    expect({ path, refused: status >= 400 && status < 500, size: JSON.stringify(body).length < 2000 }).toEqual({
      path,
      refused: true,
      size: true,
    });
  }
  expect(await world.get(run.id)).toMatchObject({ status: 'running', cancellation: null });
});

test('a cancel with very many fields that are not known is carried out, and a create refused, naming the first', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  const crowd = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`k${index}`, 1]));
  const answer = bodyOf(await world.cancel(run.id, { ...crowd, reason: 'enough' }), 200);
  expect(answer).toMatchObject({ status: 'cancelled', cancellation: { reason: 'enough' } });
  expect(answer['warnings']).toHaveLength(21);
  const refused = await world.request('POST', FINETUNINGS, { ...crowd, db_connection_id: UNKNOWN_ID });
  expect(refused.status).toBe(422);
  expect(Object(refused.body).detail).toHaveLength(101);
});

const procedures = z.record(
  z.string(),
  z.custom<{ _def: { type: string } }>((value) => typeof value === 'function'),
);
const isStop = (name: string) => /(cancel|delete|remove|revoke)/.test(name);

/** A subscription answers with events, and is told of its failure by one. */
async function textOf(world: World, type: string, path: string, input: unknown): Promise<string> {
  if (type === 'mutation') return JSON.stringify((await call(world, path, input)).body);
  const asked = `${world.app.url}/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`;
  return (await fetch(asked)).text();
}

test('each procedure there is refuses a field that it does not know, unless it stops something', async () => {
  await using world = await startWorld();
  const before = await rowCounts(world.app.db);
  for (const [path, { _def }] of Object.entries(procedures.parse(appRouter._def.procedures))) {
    const fields = { no_such_field: 1, id: UNKNOWN_ID, ids: [UNKNOWN_ID] };
    const input = path === 'goldenRecords.add' ? [fields] : fields;
    const text = await textOf(world, _def.type, path, input);
    const refused = text.includes('"reason":"invalid"') && text.includes('no_such_field is not known');
    // A stop gets as far as finding nothing to stop.
    const looked = text.includes('not found') && text.includes('not_found');
    expect({ path, refused, looked }).toEqual({ path, refused: !isStop(path), looked: isStop(path) });
  }
  expect(await rowCounts(world.app.db)).toEqual(before);
});

test('each route that starts or changes something refuses a query it does not know, unless it stops something', async () => {
  await using world = await startWorld();
  for (const { method, path } of routes.filter((route) => route.method !== 'get')) {
    const filled = path.replace(/\{\w+\}/, UNKNOWN_ID);
    const { status } = await world.request(method, `${filled}?no_such_field=1`, { no_such_field: 1 });
    expect({ method, path, status }).toEqual({
      method,
      path,
      status: method === 'delete' || path.endsWith('/cancel') ? 404 : 422,
    });
  }
  expect(await world.app.db.select().from(dbConnections)).toEqual([]);
});
