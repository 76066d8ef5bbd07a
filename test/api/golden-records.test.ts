// Golden records: added in bulk, never half, never twice, kept for the runs that were trained on them.
import { expect, test } from 'vitest';
import { goldenRecords, organizations } from '../../drizzle/schema.ts';
import { rowCounts } from '../picture.ts';
import { bodyOf, startWorld, type World } from '../world.ts';

const PATH = '/api/v1/golden-sqls';

test('thousands are added in one call, in the order given', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed(1);
  const given = Array.from({ length: 3000 }, (_, index) => ({
    prompt_text: `question ${index}`,
    sql: `SELECT ${index}`,
    db_connection_id: connection.id,
  }));
  const answer = await world.request('POST', PATH, given);
  expect(answer.status).toBe(201);
  expect(Object.values(Object(answer.body)).map((record) => Object(record).prompt_text)).toEqual(
    given.map((record) => record.prompt_text),
  );
  expect((await rowCounts(world.app.db))['golden_records']).toBe(3001);
});

test.each([
  ['prompt_text', { prompt_text: ' ', sql: 'SELECT 1' }],
  ['sql', { prompt_text: 'x', sql: '' }],
])('an empty %s refuses the whole call, naming its index', async (field, broken) => {
  await using world = await startWorld();
  const { connection } = await world.seed(1);
  const before = await rowCounts(world.app.db);
  const fine = { prompt_text: 'fine', sql: 'SELECT 1' };
  const answer = await world.request(
    'POST',
    PATH,
    [fine, broken].map((record) => ({ ...record, db_connection_id: connection.id })),
  );
  expect(answer).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 1, field] }] } });
  expect(await rowCounts(world.app.db)).toEqual(before);
});

test('a connection that does not exist refuses the whole call, naming the index', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed(1);
  const before = await rowCounts(world.app.db);
  const answer = await world.request('POST', PATH, [
    { prompt_text: 'a', sql: 'SELECT 1', db_connection_id: connection.id },
    { prompt_text: 'b', sql: 'SELECT 2', db_connection_id: 'a'.repeat(24) },
  ]);
  expect(answer).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 1, 'db_connection_id'] }] } });
  expect(await rowCounts(world.app.db)).toEqual(before);
});

test('an exact duplicate is answered with the record that exists and said to be one, within a call and across calls', async () => {
  await using world = await startWorld();
  const { connection, records } = await world.seed(3);
  const first = records[0];
  const again = { prompt_text: first?.prompt_text, sql: first?.sql, db_connection_id: connection.id };
  const fresh = { prompt_text: 'new', sql: 'SELECT 1', db_connection_id: connection.id };
  const { body } = await world.request('POST', PATH, [again, fresh, fresh]);
  const [known, added, repeated] = Object.values(Object(body)).map((record) => Object(record));
  expect(known).toEqual({ ...first, duplicate: true });
  expect(repeated).toEqual({ ...added, duplicate: true });
  expect(added).not.toHaveProperty('duplicate');
  const typed = await world.trpc.goldenRecords.add.mutate([{ ...fresh }, { ...fresh, sql: 'SELECT 2' }]);
  expect(typed.map(({ duplicate }) => duplicate)).toEqual([true, undefined]);
  expect((await rowCounts(world.app.db))['golden_records']).toBe(5);
});

test('the same records added by ten calls at once are stored once', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed(1);
  const records = Array.from({ length: 200 }, (_, index) => ({
    prompt_text: `q ${index}`,
    sql: `SELECT ${index}`,
    db_connection_id: connection.id,
  }));
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, turn) => world.request('POST', PATH, turn % 2 ? records : records.toReversed())),
  );
  expect(answers.map((answer) => answer.status)).toEqual(Array(10).fill(201));
  expect((await rowCounts(world.app.db))['golden_records']).toBe(201);
});

test('SQL that the parser of the dialect cannot read is kept and flagged', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed(1);
  const [good, odd] = await world.trpc.goldenRecords.add.mutate([
    { prompt_text: 'good', sql: 'SELECT 1', db_connection_id: connection.id },
    { prompt_text: 'odd', sql: 'SELEC 1', db_connection_id: connection.id },
  ]);
  expect(good?.warnings).toEqual([]);
  expect(odd?.warnings).toEqual([expect.stringContaining('postgresql')]);
});

test('a deleted record is hidden from new runs, and still resolved by the run that was trained on it', async () => {
  await using world = await startWorld();
  const { connection, records } = await world.seed(11);
  const upload = world.faults.hold('files.create', 'before');
  const run = await world.trpc.finetunings.create.mutate({ db_connection_id: connection.id });
  await upload.reached;
  const gone = records[0]?.id ?? '';
  bodyOf(await world.request('DELETE', `${PATH}/${gone}`), 200);

  expect(
    (await world.trpc.goldenRecords.list.query({ db_connection_id: connection.id })).map((r) => r.id),
  ).not.toContain(gone);
  expect(await world.request('DELETE', `${PATH}/${gone}`)).toMatchObject({ status: 404 });
  upload.release();
  await world.reached(run.id, (seen) => seen.finetuning_job_id !== null, 'submitted');
  expect((await world.get(run.id)).golden_records).toContain(gone);
  const next = await world.trpc.finetunings.create.mutate({ db_connection_id: connection.id });
  expect(next.golden_records).not.toContain(gone);
});

test('each record that a run was trained on can be read by its id, and shows whether it is hidden since', async () => {
  await using world = await startWorld();
  const { connection, records } = await world.seed(10);
  const run = await world.trpc.finetunings.create.mutate({ db_connection_id: connection.id });
  const [kept, gone] = run.golden_records ?? [];
  bodyOf(await world.request('DELETE', `${PATH}/${gone}`), 200);

  const shown = bodyOf(await world.request('GET', `${PATH}/${kept}`), 200);
  expect(shown).toEqual({ ...records.find(({ id }) => id === kept), deleted_at: null });
  const hidden = bodyOf(await world.request('GET', `${PATH}/${gone}`), 200);
  expect(hidden).toEqual({
    ...records.find(({ id }) => id === gone),
    deleted_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  });
  expect(await world.trpc.goldenRecords.get.query({ id: gone ?? '' })).toEqual(hidden);
});

test('a golden record of another organization does not exist', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed(1);
  const [mine] = await world.app.db.select().from(goldenRecords);
  if (!mine) throw new Error('there is no record');
  const [id, organization_id] = ['e'.repeat(24), 'f'.repeat(24)];
  await world.app.db.insert(organizations).values({ id: organization_id, name: 'theirs', created_at: mine.created_at });
  await world.app.db.insert(goldenRecords).values({ ...mine, id, organization_id, content_hash: 'other' });
  expect(await world.request('GET', `${PATH}/${id}`)).toMatchObject({ status: 404 });
  const listed = await world.trpc.goldenRecords.list.query({ db_connection_id: connection.id });
  expect(listed.map((record) => record.id)).toEqual([mine.id]);
});

test.each([
  ['text/csv', 'prompt_text,sql\n"How many, in all?","SELECT 1"\nTwo?,SELECT 2\n'],
  [
    'application/jsonl',
    '{"prompt_text": "How many, in all?", "sql": "SELECT 1"}\n{"prompt_text": "Two?", "sql": "SELECT 2"}\n',
  ],
])('a file is taken as %s', async (type, content) => {
  await using world = await startWorld();
  const { connection } = await world.seed(1);
  const path = `${PATH}?db_connection_id=${connection.id}`;
  const answer = await world.request('POST', path, content, { 'content-type': type });
  expect(answer).toMatchObject({ status: 201, body: [{ prompt_text: 'How many, in all?' }, { prompt_text: 'Two?' }] });

  const form = new FormData();
  form.set('file', new File([content], type === 'text/csv' ? 'records.csv' : 'records.jsonl'));
  expect(await world.request('POST', path, form)).toMatchObject({ status: 201, body: answer.body });
});

test.each([
  ['text/csv', 'question\nonly one column\n'],
  ['application/jsonl', '{"prompt_text": "a", "sql": "SELECT 1"}\nnot json\n'],
])('a file that cannot be read is refused whole: %s', async (type, content) => {
  await using world = await startWorld();
  const { connection } = await world.seed(1);
  const before = await rowCounts(world.app.db);
  const path = `${PATH}?db_connection_id=${connection.id}`;
  bodyOf(await world.request('POST', path, content, { 'content-type': type }), 422);
  expect(await rowCounts(world.app.db)).toEqual(before);
});

test.each([
  ['text/csv', 'records.csv', 'prompt_text,sql\nCaf\u00e9?,SELECT 1\n'],
  ['application/jsonl', 'records.jsonl', '{"prompt_text": "Caf\u00e9?", "sql": "SELECT 1"}\n'],
])('a file of another encoding is refused whole, as a body and as a form: %s', async (type, name, content) => {
  await using world = await startWorld();
  const { connection } = await world.seed(1);
  const before = await rowCounts(world.app.db);
  const path = `${PATH}?db_connection_id=${connection.id}`;
  const latin1 = new Blob([Buffer.from(content, 'latin1')]);
  const form = new FormData();
  form.set('file', latin1, name);
  for (const answer of [
    await world.request('POST', path, latin1, { 'content-type': type }),
    await world.request('POST', path, form),
  ]) {
    expect(answer).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['body'], msg: expect.stringContaining('save it as UTF-8') }] },
    });
  }
  expect(await rowCounts(world.app.db)).toEqual(before);

  const utf8 = await world.request('POST', path, content, { 'content-type': type });
  expect(utf8).toMatchObject({ status: 201, body: [{ prompt_text: 'Caf\u00e9?' }] });
});

test('a file that is empty is refused', async () => {
  await using world = await startWorld();
  const path = `${PATH}?db_connection_id=${'a'.repeat(24)}`;
  for (const type of ['text/csv', 'application/jsonl']) {
    expect(await world.request('POST', path, undefined, { 'content-type': type })).toMatchObject({ status: 422 });
  }
});

test('what a run was trained on is pinned: the provider got exactly the bytes that were hashed at its creation', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed(12);
  const upload = world.faults.hold('files.create', 'before');
  const run = await world.trpc.finetunings.create.mutate({ db_connection_id: connection.id });
  await upload.reached;
  // The schema changes before the file is built; this run keeps the one it was created with.
  await world.trpc.dbConnections.update.mutate({ id: connection.id, schema_sql: 'CREATE TABLE other (id integer);' });
  upload.release();
  await world.reached(run.id, (seen) => seen.finetuning_job_id !== null, 'submitted');
  const [file] = world.ledger.files();
  expect(file?.bytes).toBe(run.dataset?.bytes);
});

/** As a body, as a form, and as a form whose fields come last. */
async function uploads(world: World, connection: string, content: string | Blob, type: string, query = '') {
  const body = await world.request('POST', `${PATH}?db_connection_id=${connection}${query}`, content, {
    'content-type': type,
  });
  const form = new FormData();
  form.set('file', new Blob([content]), 'export');
  form.set('db_connection_id', connection);
  const posted = await world.request('POST', `${PATH}?${query.slice(1)}`, form);
  return [body, posted] as const;
}

const reportOf = (answer: { headers: Headers }) => JSON.parse(answer.headers.get('import-report') ?? 'null');

test.each(['application/json', 'application/jsonl', 'text/csv', 'application/x-www-form-urlencoded'])(
  'a file of a text-to-SQL set is taken by every way, called %s: what holds no text does not hide what does',
  async (type) => {
    await using world = await startWorld();
    const { connection } = await world.seed(1);
    const spider = {
      db_id: 'library',
      query: 'SELECT count(*) FROM books',
      question: 'How many?',
      sql: { select: [] },
    };
    for (const answer of await uploads(world, connection.id, JSON.stringify([spider]), type)) {
      expect(answer).toMatchObject({ status: 201, body: [{ prompt_text: 'How many?', sql: spider.query }] });
      expect(reportOf(answer)).toMatchObject({
        kind: 'json',
        taken: { prompt_text: ['question'], sql: ['query'] },
        unused: ['db_id', 'sql'],
      });
    }
  },
);

test('all rows that cannot be used are named, up to a hundred and a count, and nothing is stored', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed(1);
  const before = await rowCounts(world.app.db);
  const csv = `question,sql\n${'How many?,\n'.repeat(150)},SELECT 1\n`;
  for (const answer of await uploads(world, connection.id, csv, 'text/csv')) {
    expect(answer.status).toBe(422);
    const { detail } = Object(answer.body);
    expect(detail).toHaveLength(101);
    expect(detail[0]).toEqual({
      loc: ['body', 0, 'sql'],
      msg: 'line 2: sql (or query) must not be empty',
      type: 'value_error',
    });
    expect(detail[100]).toMatchObject({ loc: ['body'], msg: '51 more cannot be used either' });
  }
  expect(await rowCounts(world.app.db)).toEqual(before);
});

test('a file of more records than a call takes is refused, by every way', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed(1);
  const csv = `question,sql\n${'a,b\n'.repeat(2_000_000)}`;
  for (const answer of await uploads(world, connection.id, csv, 'text/csv')) {
    expect(answer).toMatchObject({
      status: 422,
      body: { detail: [{ loc: ['body'], msg: 'line 50002: it holds more than 50,000 records; send it in parts' }] },
    });
  }
});

test('the columns may be named, in the query or in the form before the file', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed(1);
  const csv = 'Frage;Abfrage\nWie viele B\u00fccher?;SELECT 1\n';
  const named = '&prompt_column=Frage&sql_column=Abfrage';
  for (const answer of await uploads(world, connection.id, csv, 'text/csv', named)) {
    expect(answer).toMatchObject({ status: 201, body: [{ prompt_text: 'Wie viele B\u00fccher?', sql: 'SELECT 1' }] });
  }
  const form = new FormData();
  form.set('prompt_column', 'Frage');
  form.set('file', new Blob([csv]), 'export.csv');
  form.set('sql_column', 'Abfrage');
  expect(await world.request('POST', `${PATH}?db_connection_id=${connection.id}`, form)).toMatchObject({
    status: 422,
    body: { detail: [{ loc: ['body', 'sql_column'], msg: 'put sql_column before the file, or into the query' }] },
  });
});

test('a form without a file, with two, or cut off is refused', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed(1);
  const path = `${PATH}?db_connection_id=${connection.id}`;
  const file = () => new Blob(['question,sql\na,b\n']);
  const none = new FormData();
  none.set('db_connection_id', connection.id);
  const two = new FormData();
  two.append('file', file(), 'a.csv');
  two.append('file', file(), 'b.csv');
  const other = new FormData();
  other.set('upload', file(), 'a.csv');
  for (const form of [none, two, other]) {
    expect(await world.request('POST', path, form)).toMatchObject({
      status: 422,
      body: { detail: [{ msg: expect.stringContaining('form field "file"') }] },
    });
  }
  const cut = '--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\nquestion,sql\na,b\n';
  expect(await world.request('POST', path, cut, { 'content-type': 'multipart/form-data; boundary=x' })).toMatchObject({
    status: 422,
    body: { detail: [{ loc: ['body'], msg: expect.stringContaining('the multipart form could not be read') }] },
  });
});

test.each([
  'databricks',
  'clickhouse',
  'duckdb',
  'oracle',
  'awsathena',
  'presto',
  'spark',
  'postgres',
  'sqlserver',
  'tsql',
])('a connection may have any dialect, and SQL that no parser reads well is not flagged: %s', async (dialect) => {
  await using world = await startWorld();
  const made = bodyOf(
    await world.request('POST', '/api/v1/database-connections', { alias: 'x', dialect: ` ${dialect} ` }),
    201,
  );
  const checked = ['postgres', 'awsathena', 'presto'].includes(dialect);
  expect(made).toMatchObject({ dialect, sql_checked: checked });
  const [record] = await world.trpc.goldenRecords.add.mutate([
    { prompt_text: 'odd', sql: 'SELEC 1', db_connection_id: String(made['id']) },
  ]);
  expect(record?.warnings).toHaveLength(checked ? 1 : 0);
});
