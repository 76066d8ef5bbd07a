// `goldtune finetunings …` and `connections …`: what is shown is what the server holds, for people and for programs.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { wantsColour } from '../../../client/src/cli/colour.ts';
import { createInputFrom } from '../../../client/src/cli/finetunings/create-input.ts';
import { progressText, receiptText } from '../../../client/src/cli/finetunings/run-text.ts';
import { details, oneLine, shortened } from '../../../client/src/cli/text.ts';
import { startWorld } from '../../world.ts';
import { json, run, start } from './command-line.ts';

const UNKNOWN_ID = 'a'.repeat(24);

test('connections are created, shown, changed and listed', async () => {
  await using world = await startWorld();
  const url = world.app.url;
  const directory = await mkdtemp(join(tmpdir(), 'goldtune-schema-'));
  const schema = join(directory, 'schema.sql');
  await writeFile(schema, 'CREATE TABLE books (\n\tid integer\n);\u001b[2J');
  const create = ['connections', 'create', '--alias', 'library', '--dialect', 'sqlite', '--schema', schema];
  const created = Object(await json([...create, '--metadata', 'a=1', 'b=x=y'], url));
  await rm(directory, { recursive: true });
  expect(created).toEqual(await world.trpc.dbConnections.get.query({ id: created.id }));
  expect(created).toMatchObject({ dialect: 'sqlite', metadata: { a: '1', b: 'x=y' } });

  const shown = await run(['connections', 'get', created.id], { url });
  expect(shown.stdout).toMatch(/^alias +library$/m);
  expect(shown.stdout).toContain('CREATE TABLE books (\n\tid integer\n);');
  expect(shown.stdout).not.toContain('\u001b');

  const updated = await json(['connections', 'update', created.id, '--alias', 'archive'], url);
  expect(updated).toMatchObject({ alias: 'archive', dialect: 'sqlite', schema_sql: created.schema_sql });
  expect(await json(['connections', 'list'], url)).toEqual([updated]);
});

test('create passes on what it was given, and with the same key starts one run', async () => {
  await using world = await startWorld();
  const { connection, records } = await world.seed(12);
  const ids = records.slice(0, 10).map(({ id }) => id);
  const create = [
    ...['finetunings', 'create', '--connection', connection.id, '--alias', 'my_model', '--model', 'gpt-4.1-nano'],
    ...[
      '--epochs',
      '4',
      '--batch-size',
      'auto',
      '--learning-rate-multiplier',
      '0.5',
      '--metadata',
      'team=a',
      'stage=b',
    ],
    ...['--records', ids.slice(0, 5).join(','), '--records', ids.slice(5).join(','), '--idempotency-key', 'once'],
  ];
  const created = Object(await json(create, world.app.url));
  expect(created).toMatchObject({
    alias: 'my_model',
    base_llm: {
      model_name: 'gpt-4.1-nano',
      model_parameters: { n_epochs: 4, batch_size: 'auto', learning_rate_multiplier: 0.5 },
    },
    golden_records: ids,
    metadata: { team: 'a', stage: 'b' },
  });
  expect(await json(create, world.app.url)).toMatchObject({ id: created.id });
  expect(await run([...create, '--alias', 'other'], { url: world.app.url })).toMatchObject({ code: 2 });
  expect(await world.trpc.finetunings.list.query({})).toHaveLength(1);
});

test('what is left out of create is left to the server', () => {
  expect(createInputFrom({ connection: UNKNOWN_ID })).toEqual({ db_connection_id: UNKNOWN_ID });
  expect(createInputFrom({ connection: UNKNOWN_ID, epochs: 2 })).toEqual({
    db_connection_id: UNKNOWN_ID,
    base_llm: { model_parameters: { n_epochs: 2 } },
  });
});

test('create --watch tells the run and then its events, to its end', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed();
  const args = ['finetunings', 'create', '--connection', connection.id, '--watch', '--json'];
  const watching = start(args, { url: world.app.url });
  await watching.prints('validating_files');
  const [finetuning] = await world.trpc.finetunings.list.query({});
  world.ledger.finishNow(finetuning?.finetuning_job_id ?? '', 'succeeded');
  const { code, stdout } = await watching.ended;
  expect(code).toBe(0);
  const [first, ...events] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(first).toMatchObject({ id: finetuning?.id, db_connection_id: connection.id });
  expect(events).toEqual(await world.trpc.finetunings.events.query({ id: first.id, limit: 1000 }));
});

test('watch prints a line an event, and --after leaves out those that are known', async () => {
  await using world = await startWorld();
  const { id } = await world.createIn('failed');
  const url = world.app.url;
  const events = await world.trpc.finetunings.events.query({ id, limit: 1000 });
  const watched = await run(['finetunings', 'watch', id], { url });
  expect(watched.stdout.trimEnd().split('\n')).toHaveLength(events.length + 1);
  for (const { message } of events) expect(watched.stdout).toContain(message);
  expect(watched.stdout).not.toContain('\u001b');

  const rest = await run(['finetunings', 'watch', id, '--after', '2', '--json'], { url });
  expect(
    rest.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual(events.slice(2));
  expect(await json(['finetunings', 'events', id, '--after', '2'], url)).toEqual(events.slice(2));
});

test('list filters, and shows what is being cancelled', async () => {
  await using world = await startWorld();
  const [running, ended] = [await world.createIn('running'), await world.createIn('succeeded')];
  const url = world.app.url;
  world.faults.always('jobs.cancel', { kind: 'status', status: 503 });
  await run(['finetunings', 'cancel', running.id, '--no-wait'], { url });
  const list = (...filter: string[]) => run(['finetunings', 'list', ...filter], { url });
  expect((await list()).stdout).toMatch(new RegExp(`^${running.id} .* running, cancelling(, waiting)? `, 'm'));
  expect((await list('--status', 'succeeded')).stdout).not.toContain(running.id);
  expect(await json(['finetunings', 'list', '--connection', ended.db_connection_id], url)).toMatchObject([
    { id: ended.id },
  ]);
  expect(await json(['finetunings', 'get', ended.id], url)).toEqual(await world.get(ended.id));
  expect(await json(['finetunings', 'update', ended.id, '--alias', 'best'], url)).toMatchObject({ alias: 'best' });
  world.faults.clear();
});

test('cancel takes several, answers for each, and one that cannot be cancelled does not keep the others from it', async () => {
  await using world = await startWorld();
  const [going, done] = [await world.createIn('running'), await world.createIn('succeeded')];
  const args = ['finetunings', 'cancel', done.id, UNKNOWN_ID, going.id, '--json'];
  const { code, stdout, stderr } = await run(args, { url: world.app.url });
  expect(code).toBe(5);
  expect(JSON.parse(stdout)).toMatchObject([
    { id: done.id, cancellation: { state: 'too_late' }, error: expect.stringContaining('already succeeded') },
    { id: UNKNOWN_ID, cancellation: null, error: expect.stringContaining('not found') },
    { id: going.id, cancellation: { state: 'confirmed', evidence: 'provider_cancelled' }, error: null },
  ]);
  expect(stderr.trimEnd().split('\n')).toEqual([
    expect.stringMatching(new RegExp(`^goldtune: ${done.id}: `)),
    expect.stringMatching(new RegExp(`^goldtune: ${UNKNOWN_ID}: `)),
  ]);
  expect(world.jobsOf(going.id).map(({ status }) => status)).toEqual(['cancelled']);
});

test('a reason that comes later is kept where there was none, and else said not to be', async () => {
  await using world = await startWorld();
  const { id } = await world.createIn('running');
  const url = world.app.url;
  const cancel = (...more: string[]) => run(['finetunings', 'cancel', id, ...more], { url });
  expect(await cancel()).toMatchObject({ code: 0, stderr: '' });
  const given = await cancel('--reason', 'wrong schema');
  expect(given).toMatchObject({ code: 0, stdout: expect.stringMatching(/^reason +wrong schema$/m), stderr: '' });
  expect(await cancel('--reason', 'too dear')).toEqual({
    ...given,
    stderr: `goldtune: ${id}: the reason given first is kept: wrong schema\n`,
  });
  expect((await world.get(id)).cancellation).toMatchObject({ state: 'confirmed', reason: 'wrong schema' });
});

test('a cancel that is stuck says what it waits for, what was tried last, and when it is tried next', async () => {
  await using world = await startWorld();
  const { id } = await world.createIn('running');
  world.faults.always('jobs.cancel', { kind: 'status', status: 503 });
  await run(['finetunings', 'cancel', id, '--no-wait', '--reason', 'wrong schema'], { url: world.app.url });
  await world.reached(id, ({ waiting }) => waiting !== null, 'waiting');
  const again = await run(['finetunings', 'cancel', id, '--wait', '1'], { url: world.app.url });
  expect(again.code).toBe(3);
  expect(again.stdout).toMatch(/^waits for +The provider still shows running; its answer to the cancel: .*503/m);
  expect(again.stdout).toMatch(/^tried last +\S+Z to (look at|cancel) the job: /m);
  expect(again.stdout).toMatch(/^tried next +\S+Z$/m);
  const events = await run(['finetunings', 'events', id], { url: world.app.url });
  expect(events.stdout).toMatch(/ Cancellation requested; the reason given: wrong schema \(by local, 127\.0\.0\.1\)$/m);
  world.faults.clear();
  await world.reached(id, ({ status }) => status === 'cancelled', 'cancelled');
  const watched = await run(['finetunings', 'watch', id], { url: world.app.url });
  expect(watched.stdout).toContain(
    `${id} cancelled: Fine tuning cancelled by the user; the reason given: wrong schema\n`,
  );
});

test('Ctrl-C during a cancel ends the waiting only', async () => {
  await using world = await startWorld();
  const { id } = await world.createIn('running');
  world.faults.always('jobs.cancel', { kind: 'status', status: 503 });
  const cancelling = start(['finetunings', 'cancel', id], { url: world.app.url });
  await world.reached(id, ({ cancellation }) => cancellation !== null, 'asked to cancel');
  cancelling.child.kill('SIGINT');
  expect(await cancelling.ended).toMatchObject({
    code: 130,
    stderr: 'goldtune: stopped waiting; a cancel that goldtune has received goes on\n',
  });
  world.faults.clear();
  await world.reached(id, ({ status }) => status === 'cancelled', 'cancelled');
});

test('delete forgets a run', async () => {
  await using world = await startWorld();
  const { id } = await world.createIn('running');
  expect(await json(['finetunings', 'delete', id], world.app.url)).toEqual({ id, forgotten: true });
  expect(await world.trpc.finetunings.list.query({})).toEqual([]);
  expect(world.jobsOf(id).map(({ status }) => status)).toEqual(['cancelled']);
});

test('words from elsewhere cannot steer the terminal', () => {
  expect(oneLine('a\u001b[31mb\r\nc\u2028d')).toBe('a [31mb c d');
  expect(shortened('x'.repeat(100), 10)).toBe(`${'x'.repeat(9)}…`);
  expect(
    details([
      ['id', 1],
      ['none', null],
    ]),
  ).toBe('id  1');
});

test('progress and receipts say what is known and nothing else', () => {
  const nothing = { step: null, total_steps: null, train_loss: null, valid_loss: null, estimated_finish: null };
  expect(progressText({ ...nothing, percent: null })).toBeNull();
  const finish = '2026-11-24T22:21:42Z';
  expect(
    progressText({ ...nothing, step: 3, total_steps: 36, train_loss: 1.23456, percent: 8.3, estimated_finish: finish }),
  ).toBe('8 %, step 3/36, train loss 1.235, finishes about 2026-11-24 22:21 UTC');
  const asked = {
    requested_at: finish,
    requested_by: 'local',
    requester: { who: 'local', id: 'local' } as const,
    reason: null,
    provider_status: null,
    trained_tokens: null,
  };
  expect(receiptText({ ...asked, state: 'requested', confirmed_at: null, evidence: null })).toBe(
    `cancel     requested\nrequested  ${finish} by local`,
  );
});

test('colours are for a terminal, and not where NO_COLOR is set', () => {
  expect(wantsColour({}, true)).toBe(true);
  expect(wantsColour({}, false)).toBe(false);
  expect(wantsColour({ NO_COLOR: '1' }, true)).toBe(false);
  expect(wantsColour({ NO_COLOR: '' }, true)).toBe(true);
  expect(wantsColour({ TERM: 'dumb' }, true)).toBe(false);
});
