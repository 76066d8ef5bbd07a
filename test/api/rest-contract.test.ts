// The REST contract beyond the cancel table: errors as FastAPI words them, paging, bad input of every kind.
import { eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { finetunings } from '../../drizzle/schema.ts';
import { rowCounts } from '../picture.ts';
import { bodyOf, startWorld, type World } from '../world.ts';

const UNKNOWN_ID = 'a'.repeat(24);

describe('a generated client of the original service, which sends the path unfilled', () => {
  test.each(['{finetuning_id}', '%7Bfinetuning_id%7D'])('cancels the id of the body: %s', async (segment) => {
    await using world = await startWorld();
    const run = await world.createIn('running');
    const body = bodyOf(await world.cancel(segment, { finetuning_id: run.id, metadata: null }), 200);
    expect(body).toMatchObject({ id: run.id, status: 'cancelled' });
    expect(body['golden_sqls']).toEqual(body['golden_records']);
  });

  test('is told what to do when the body names no id either', async () => {
    await using world = await startWorld();
    const answer = await world.cancel('{finetuning_id}');
    expect(answer).toMatchObject({ status: 400, body: { detail: expect.stringContaining('finetuning_id') } });
  });
});

test('path and body that name different ids are refused with 400, and neither is cancelled', async () => {
  await using world = await startWorld();
  const [one, other] = [await world.createIn('running'), await world.createIn('running')];
  bodyOf(await world.cancel(one.id, { finetuning_id: other.id }), 400);
  for (const run of [one, other])
    expect(await world.get(run.id)).toMatchObject({ status: 'running', cancellation: null });
  expect(world.faults.requests.filter((request) => request.operation === 'jobs.cancel')).toEqual([]);
});

test('a cancel needs no body, and takes a body without a content type', async () => {
  await using world = await startWorld();
  const [one, other] = [await world.createIn('running'), await world.createIn('running')];
  bodyOf(await world.cancel(one.id), 200);
  bodyOf(await world.cancel(other.id, JSON.stringify({ reason: 'plain text' }), { 'content-type': 'text/plain' }), 200);
});

test('a finetuning is shown with every field of the first contract', async () => {
  await using world = await startWorld();
  const { connection, records } = await world.seed();
  const created = bodyOf(
    await world.request('POST', '/api/v1/finetunings', {
      db_connection_id: connection.id,
      alias: 'my_model',
      base_llm: { model_provider: 'openai', model_name: 'gpt-4o-mini', model_parameters: { n_epochs: '1' } },
      golden_sqls: records.map((record) => record.id),
      metadata: { a: 'b' },
    }),
    201,
  );
  expect(created).toMatchObject({
    db_connection_id: connection.id,
    alias: 'my_model',
    status: 'queued',
    error: null,
    base_llm: {
      model_provider: 'openai',
      model_name: 'gpt-4o-mini',
      model_parameters: { n_epochs: '1', batch_size: 1, learning_rate_multiplier: 'auto' },
    },
    finetuning_file_id: null,
    finetuning_job_id: null,
    model_id: null,
    created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    golden_records: records.map((record) => record.id),
    golden_sqls: records.map((record) => record.id),
    metadata: { a: 'b' },
    cancellation: null,
    dataset: { examples: 12, content_hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
  await world.reached(String(created['id']), (seen) => seen.finetuning_job_id !== null, 'submitted');
  expect(world.jobsOf(String(created['id']))).toMatchObject([
    { hyperparameters: { n_epochs: 1, batch_size: 1, learning_rate_multiplier: 'auto' }, model: 'gpt-4o-mini' },
  ]);
});

test('a list is paged by a Link header, newest first, without gaps or repeats', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed();
  const made: string[] = [];
  for (let index = 0; index < 5; index++) {
    made.push((await world.trpc.finetunings.create.mutate({ db_connection_id: connection.id })).id);
  }
  const seen: string[] = [];
  let next: string | undefined = `/api/v1/finetunings?limit=2&db_connection_id=${connection.id}`;
  while (next !== undefined) {
    const answer = await world.request('GET', next);
    expect(Array.isArray(answer.body)).toBe(true);
    seen.push(...Object.values(Object(answer.body)).map((item) => Object(item).id));
    const link: string | undefined = /^<(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
    next = link && `/api/v1/finetunings${link}`;
  }
  expect(seen).toEqual(made.toReversed());
});

test('PUT changes alias and metadata, and touches nothing else: not what was pinned, not the state, not the schedule', async () => {
  await using world = await startWorld({ env: { POLL_INTERVAL_MS: '3600000' } });
  const run = await world.create();
  const soon = new Date(Date.now() + 600_000).toISOString();
  await world.until(async () => ((await rowOf(world, run.id)).due_at ?? '') > soon, 'left alone for an hour');
  const before = await rowOf(world, run.id);
  const change = { alias: 'other', metadata: { a: 'b' } };
  expect(bodyOf(await world.request('PUT', `/api/v1/finetunings/${run.id}`, change), 200)).toMatchObject(change);
  const after = await rowOf(world, run.id);
  expect(after).toEqual({ ...before, ...change, version: before.version + 1, updated_at: after.updated_at });
});

async function rowOf(world: World, id: string) {
  const [row] = await world.app.db.select().from(finetunings).where(eq(finetunings.id, id));
  if (!row) throw new Error(`finetuning ${id} has no row`);
  return row;
}

describe('bad input', () => {
  const bad: [
    what: string,
    method: string,
    path: string,
    body: unknown,
    status: number,
    detail: unknown,
    headers?: Record<string, string>,
  ][] = [
    [
      'JSON that cannot be read',
      'POST',
      '/api/v1/finetunings',
      '{"db_connection_id": ',
      422,
      [{ loc: ['body'], type: 'json_invalid' }],
    ],
    ['no body', 'POST', '/api/v1/finetunings', undefined, 422, [{ loc: ['body'], type: 'missing' }]],
    ['a body that is a list', 'POST', `/api/v1/finetunings/${UNKNOWN_ID}/cancel`, [], 422, [{ loc: ['body'] }]],
    [
      'metadata that is not text',
      'POST',
      `/api/v1/finetunings/${UNKNOWN_ID}/cancel`,
      { metadata: { a: 1 } },
      422,
      [{ loc: ['body', 'metadata', 'a'] }],
    ],
    [
      'a missing field',
      'POST',
      '/api/v1/finetunings',
      {},
      422,
      [{ loc: ['body', 'db_connection_id'], msg: 'Field required', type: 'missing' }],
    ],
    [
      'an unknown connection',
      'POST',
      '/api/v1/finetunings',
      { db_connection_id: UNKNOWN_ID },
      404,
      `Database connection not found: ${UNKNOWN_ID}`,
    ],
    [
      'another model provider',
      'POST',
      '/api/v1/finetunings',
      { db_connection_id: UNKNOWN_ID, base_llm: { model_provider: 'x' } },
      422,
      [{ loc: ['body', 'base_llm', 'model_provider'] }],
    ],
    [
      'a limit that is no number',
      'GET',
      '/api/v1/finetunings?limit=many',
      undefined,
      422,
      [
        {
          loc: ['query', 'limit'],
          msg: 'Input should be a valid integer, unable to parse string as an integer',
          type: 'int_parsing',
        },
      ],
    ],
    ['a limit of 0', 'GET', '/api/v1/finetunings?limit=0', undefined, 422, [{ loc: ['query', 'limit'] }]],
    ['a limit of 1001', 'GET', '/api/v1/finetunings?limit=1001', undefined, 422, [{ loc: ['query', 'limit'] }]],
    [
      'a status that does not exist',
      'GET',
      '/api/v1/finetunings?status=done',
      undefined,
      422,
      [{ loc: ['query', 'status'] }],
    ],
    [
      'an unknown id to show',
      'GET',
      `/api/v1/finetunings/${UNKNOWN_ID}`,
      undefined,
      404,
      `Finetuning not found: ${UNKNOWN_ID}`,
    ],
    [
      'an unknown id to delete',
      'DELETE',
      `/api/v1/finetunings/${UNKNOWN_ID}`,
      undefined,
      404,
      `Finetuning not found: ${UNKNOWN_ID}`,
    ],
    [
      'events of an unknown id',
      'GET',
      `/api/v1/finetunings/${UNKNOWN_ID}/events`,
      undefined,
      404,
      `Finetuning not found: ${UNKNOWN_ID}`,
    ],
    [
      'an unknown golden record',
      'DELETE',
      `/api/v1/golden-sqls/${UNKNOWN_ID}`,
      undefined,
      404,
      `Golden record not found: ${UNKNOWN_ID}`,
    ],
    [
      'an unknown database connection',
      'GET',
      `/api/v1/database-connections/${UNKNOWN_ID}`,
      undefined,
      404,
      `Database connection not found: ${UNKNOWN_ID}`,
    ],
    [
      'a dialect without a name',
      'POST',
      '/api/v1/database-connections',
      { alias: 'x', dialect: ' ' },
      422,
      [{ loc: ['body', 'dialect'] }],
    ],
    ['an empty alias', 'POST', '/api/v1/database-connections', { alias: ' ' }, 422, [{ loc: ['body', 'alias'] }]],
    [
      'text with a NUL character',
      'POST',
      '/api/v1/database-connections',
      { alias: 'a\u0000b' },
      422,
      [{ loc: ['body', 'alias'] }],
    ],
    [
      'half of a surrogate pair in the reason of a cancel',
      'POST',
      `/api/v1/finetunings/${UNKNOWN_ID}/cancel`,
      '{"reason": "\\ud800"}',
      422,
      [{ loc: ['body', 'reason'], msg: expect.stringContaining('send both halves') }],
    ],
    [
      'half of a surrogate pair in metadata, as key and as value',
      'POST',
      `/api/v1/finetunings/${UNKNOWN_ID}/cancel`,
      '{"metadata": {"a": "\\udfff", "b\\ud800": "b"}}',
      422,
      [
        { loc: ['body', 'metadata', 'a'], msg: expect.stringContaining('surrogate') },
        { loc: ['body', 'metadata', 'b\ud800'], msg: expect.stringContaining('surrogate') },
      ],
    ],
    [
      'half of a surrogate pair in a golden record',
      'POST',
      '/api/v1/golden-sqls',
      `[{"prompt_text": "q\\ud800", "sql": "SELECT 1", "db_connection_id": "${UNKNOWN_ID}"}]`,
      422,
      [{ loc: ['body', 0, 'prompt_text'], msg: expect.stringContaining('surrogate') }],
    ],
    [
      'two lists of golden records that differ',
      'POST',
      '/api/v1/finetunings',
      { db_connection_id: UNKNOWN_ID, golden_records: [UNKNOWN_ID], golden_sqls: ['b'.repeat(24)] },
      422,
      [{ loc: ['body', 'golden_sqls'], msg: expect.stringContaining('give only one') }],
    ],
    [
      'an Idempotency-Key of more than 255 characters',
      'POST',
      '/api/v1/finetunings',
      { db_connection_id: UNKNOWN_ID },
      422,
      [{ loc: ['header', 'idempotency-key'], type: 'string_too_long' }],
      { 'idempotency-key': 'k'.repeat(256) },
    ],
    [
      'a Last-Event-ID that is no event',
      'GET',
      `/api/v1/finetunings/${UNKNOWN_ID}/events`,
      undefined,
      422,
      [{ loc: ['header', 'last-event-id'], msg: expect.stringContaining('whole number') }],
      { 'last-event-id': 'x', accept: 'text/event-stream' },
    ],
    [
      'an unknown golden record to show',
      'GET',
      `/api/v1/golden-sqls/${UNKNOWN_ID}`,
      undefined,
      404,
      `Golden record not found: ${UNKNOWN_ID}`,
    ],
    [
      'a golden record by an id of another form',
      'GET',
      '/api/v1/golden-sqls/7',
      undefined,
      404,
      'Golden record not found: 7',
    ],
    ['a route that does not exist', 'GET', '/api/v1/nothing', undefined, 404, 'Not Found'],
  ];

  test('of every kind gets a clear error, stores nothing and asks the provider nothing', async () => {
    await using world = await startWorld();
    const before = await rowCounts(world.app.db);
    for (const [what, method, path, body, status, detail, headers] of bad) {
      const answer = await world.request(method, path, body, headers);
      expect(answer, what).toMatchObject({ status, body: { detail } });
    }
    expect(await rowCounts(world.app.db)).toEqual(before);
    expect(world.faults.requests).toEqual([]);
  });

  test.each([
    [{ n_epochs: 0 }, 'n_epochs'],
    [{ n_epochs: 51 }, 'n_epochs'],
    [{ n_epochs: 1.5 }, 'n_epochs'],
    [{ n_epochs: 'three' }, 'n_epochs'],
    [{ n_epochs: '' }, 'n_epochs'],
    [{ n_epochs: '0x10' }, 'n_epochs'],
    [{ n_epochs: ' 2 ' }, 'n_epochs'],
    [{ n_epochs: '1e1' }, 'n_epochs'],
    [{ batch_size: 257 }, 'batch_size'],
    [{ learning_rate_multiplier: 0 }, 'learning_rate_multiplier'],
    [{ learning_rate_multiplier: 'Infinity' }, 'learning_rate_multiplier'],
  ])('in a model parameter is refused naming it: %j', async (model_parameters, name) => {
    await using world = await startWorld();
    const { connection } = await world.seed();
    const answer = await world.request('POST', '/api/v1/finetunings', {
      db_connection_id: connection.id,
      base_llm: { model_name: 'gpt-4o-mini', model_parameters },
    });
    expect(answer).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['body', 'base_llm', 'model_parameters', name] }] },
    });
    expect((await rowCounts(world.app.db))['finetunings']).toBe(0);
  });

  test('about the model is refused naming the models there are', async () => {
    await using world = await startWorld();
    const { connection } = await world.seed();
    const answer = await world.request('POST', '/api/v1/finetunings', {
      db_connection_id: connection.id,
      base_llm: { model_name: 'gpt-9' },
    });
    expect(answer).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['body', 'base_llm', 'model_name'], msg: expect.stringContaining('gpt-4.1-mini') }] },
    });
  });

  test('fewer than 10 golden records are refused, whether named or all of the connection', async () => {
    await using world = await startWorld();
    const { connection, records } = await world.seed(9);
    const named = records.map((record) => record.id);
    // Naming one twice does not make it two.
    for (const golden_records of [null, named, [...named, named[0]]]) {
      const answer = await world.request('POST', '/api/v1/finetunings', {
        db_connection_id: connection.id,
        golden_records,
      });
      expect(answer).toMatchObject({
        status: 422,
        body: { detail: [{ loc: ['body', 'golden_records'], type: 'too_short' }] },
      });
    }
  });

  test('golden records that do not exist, or belong to another connection, are refused by index', async () => {
    await using world = await startWorld();
    const { connection, records } = await world.seed(11);
    const other = await world.seed(1);
    const golden_records = [...records.map((record) => record.id), other.records[0]?.id, UNKNOWN_ID];
    const answer = await world.request('POST', '/api/v1/finetunings', {
      db_connection_id: connection.id,
      golden_records,
    });
    expect(answer).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['body', 'golden_records', 11] }, { loc: ['body', 'golden_records', 12] }] },
    });
  });

  test('a record too long for the model is refused by its id', async () => {
    await using world = await startWorld();
    const { connection } = await world.seed(12);
    const [long] = await world.trpc.goldenRecords.add.mutate([
      { prompt_text: 'long', sql: `SELECT ${'a, '.repeat(40_000)}b`, db_connection_id: connection.id },
    ]);
    const answer = await world.request('POST', '/api/v1/finetunings', { db_connection_id: connection.id });
    expect(answer).toMatchObject({
      status: 422,
      body: { detail: [{ msg: expect.stringContaining(long?.id ?? '?'), type: 'too_long' }] },
    });
    expect((await rowCounts(world.app.db))['finetunings']).toBe(0);
  });
});

test('a body of another encoding is refused, not stored with its letters lost', async () => {
  await using world = await startWorld();
  const latin1 = new Blob([Buffer.from('{"alias": "Caf\u00e9"}', 'latin1')]);
  const answer = await world.request('POST', '/api/v1/database-connections', latin1);
  expect(answer).toMatchObject({
    status: 422,
    body: { detail: [{ loc: ['body'], msg: expect.stringContaining('encode the JSON as UTF-8') }] },
  });
  expect((await rowCounts(world.app.db))['db_connections']).toBe(0);
});

test('text beyond the Basic Multilingual Plane is kept as it was given', async () => {
  await using world = await startWorld();
  const alias = 'a \u{1f600} z';
  expect(bodyOf(await world.request('POST', '/api/v1/database-connections', { alias }), 201)).toMatchObject({ alias });
});

test('another method on a known path is answered 405 with Allow', async () => {
  await using world = await startWorld();
  for (const [method, path, allow] of [
    ['DELETE', '/api/v1/finetunings', 'POST, GET, HEAD'],
    ['POST', '/api/v1/heartbeat', 'GET, HEAD'],
    ['PUT', `/api/v1/finetunings/${UNKNOWN_ID}/cancel`, 'POST'],
    ['POST', `/api/v1/golden-sqls/${UNKNOWN_ID}`, 'GET, DELETE, HEAD'],
    ['OPTIONS', '/api/v1/finetunings', 'POST, GET, HEAD'],
  ] as const) {
    const answer = await world.request(method, path);
    expect(answer).toMatchObject({ status: 405, body: { detail: 'Method Not Allowed' } });
    expect([path, answer.headers.get('allow')]).toEqual([path, allow]);
  }
});

test('a wait beyond two minutes is cut to two minutes, and the answer says so', async () => {
  await using world = await startWorld();
  const run = await world.createIn('running');
  const answer = await world.cancel(run.id, {}, { prefer: 'wait=99999' });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('preference-applied')).toBe('wait=120');
});

test('a body that is too large is answered 413, in the words of each transport', async () => {
  await using world = await startWorld();
  const huge = 'x'.repeat(33 * 1024 * 1024);
  const rest = await world.request('POST', '/api/v1/golden-sqls', huge);
  expect(rest).toMatchObject({ status: 413, body: { detail: expect.stringContaining('32 MB') } });
  const trpc = await world.request('POST', '/trpc/goldenRecords.add', huge);
  expect(trpc).toMatchObject({
    status: 413,
    body: { error: { data: { code: 'PAYLOAD_TOO_LARGE', path: 'goldenRecords.add' } } },
  });
});

test('heartbeat, health and the OpenAPI document are there', async () => {
  await using world = await startWorld();
  expect(await world.request('GET', '/api/v1/heartbeat')).toMatchObject({
    status: 200,
    body: { 'nanosecond heartbeat': expect.any(Number) },
  });
  expect(await world.request('GET', '/healthz')).toMatchObject({ status: 200 });
  expect(await world.request('GET', '/readyz')).toMatchObject({ status: 200 });
  const document = bodyOf(await world.request('GET', '/openapi.json'), 200);
  expect(document).toMatchObject({ openapi: '3.1.0' });
  expect(Object.keys(Object(document['paths']))).toContain('/api/v1/finetunings/{finetuning_id}/cancel');
});
