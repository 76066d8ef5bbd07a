// Each exit code, reached for real; and the README's table of them.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import { exitCodes, gravest } from '../../../client/src/cli/exit-codes.ts';
import { WRONG_KEY } from '../../../server/finetuning/admission.ts';
import { startWorld } from '../../world.ts';
import { run, runAnswered, start } from './command-line.ts';

const UNKNOWN_ID = 'a'.repeat(24);
const KEY = 'a-key-that-nobody-may-see';

test("the README's table is exactly the table in the code", async () => {
  const readme = await readFile('client/README.md', 'utf8');
  const terminal = readme.slice(readme.indexOf('## Terminal'));
  const rows = terminal.split('\n').filter((line) => /^\| \d/.test(line));
  expect(rows).toEqual(Object.values(exitCodes).map(({ code, meaning }) => `| ${code} | ${meaning} |`));
});

test('of several answers the code is that of the one that leaves the most to do', () => {
  expect(gravest([])).toBe('done');
  expect(gravest(['done', 'too_late', 'pending'])).toBe('pending');
  expect(gravest(['pending', 'not_found', 'done'])).toBe('not_found');
  expect(gravest(['unreachable', 'not_found'])).toBe('unreachable');
});

test('0: a cancel is proven, and cancelling again gives the same receipt', async () => {
  await using world = await startWorld();
  const finetuning = await world.createIn('running');
  const cancel = ['finetunings', 'cancel', finetuning.id, '--reason', 'wrong schema'];
  const first = await run(cancel, { url: world.app.url });
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toContain('the provider shows the job as cancelled');
  expect(first.stdout).toContain('wrong schema');
  expect(world.jobsOf(finetuning.id).map(({ status }) => status)).toEqual(['cancelled']);
  expect(await run(cancel, { url: world.app.url })).toEqual(first);
});

test('0: with --no-wait a cancel or a delete is asked for, and that is all', async () => {
  await using world = await startWorld();
  const [one, other] = [await world.createIn('running'), await world.createIn('running')];
  world.faults.always('*', { kind: 'reset_before' });
  const { url } = world.app;
  const cancelled = await run(['finetunings', 'cancel', one.id, '--no-wait'], { url });
  expect(cancelled).toEqual({ code: 0, stdout: expect.stringMatching(/^cancel\s+requested$/m), stderr: '' });
  expect(await run(['finetunings', 'delete', other.id, '--no-wait'], { url })).toEqual({
    code: 0,
    stdout: `${other.id} is being deleted\n`,
    stderr: '',
  });
  world.faults.clear();
  await world.reached(one.id, ({ status }) => status === 'cancelled', 'cancelled');
  const gone = async () => (await run(['finetunings', 'get', other.id], { url })).code === 5;
  await world.until(gone, 'it is forgotten');
});

test('1: the server says something that is not known here', async () => {
  const server = createServer((_request, response) => {
    const error = { message: 'from the future', code: -32_600, data: { reason: 'not_yet_invented', httpStatus: 418 } };
    response.writeHead(418, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = Object(server.address());
  const ended = await run(['finetunings', 'list', '--url', `http://127.0.0.1:${address.port}`]);
  server.close();
  expect(ended).toEqual({ code: 1, stdout: '', stderr: 'goldtune: from the future\n' });
});

describe('2', () => {
  test.each([
    [['finetuning', 'list'], "unknown command 'finetuning' (Did you mean `goldtune finetunings list`?)"],
    [['cancel', UNKNOWN_ID], `unknown command 'cancel' (Did you mean \`goldtune finetunings cancel ${UNKNOWN_ID}\`?)`],
    [['finetunings', 'list', '--staus', 'failed'], "unknown option '--staus' (Did you mean --status?)"],
    [['finetunings', 'create', '--conection', UNKNOWN_ID], '(Did you mean --connection?)'],
    [['records', 'import', 'x.csv', '--conection', UNKNOWN_ID], '(Did you mean --connection?)'],
    [['--reason', 'x', 'finetunings', 'cancel', UNKNOWN_ID], 'such as `goldtune finetunings cancel`'],
    [['--conection', UNKNOWN_ID, 'records', 'list'], 'Did you mean --connection? It stands after the command'],
    [['finetunings', 'list', '--status', 'runing'], 'succeeded, failed, cancelled. (Did you mean running?)'],
    [['finetunings', 'list', '--status', 'stopped'], 'Allowed choices are queued, validating_files, running'],
    [['records', 'import', 'x', '--connection', UNKNOWN_ID, '--format', 'jsnl'], '(Did you mean jsonl?)'],
    [['records', 'import', 'x', '--connection', UNKNOWN_ID, '--sql-column', ''], 'Give the name of a column'],
    [['finetunings', 'cancel'], 'say which: ids of finetunings, --where, or --all'],
    [['finetunings', 'cancel', UNKNOWN_ID, '--wait', 'long'], 'Give a number of seconds, such as 30.'],
    [['finetunings', 'create', '--alias', 'x'], "required option '--connection <id>' not specified"],
    [['finetunings', 'create', '--connection', UNKNOWN_ID, '--metadata', 'team'], 'Give key=value'],
    [['connections', 'create', '--alias', 'x', '--schema', '/nowhere.sql'], '/nowhere.sql: there is no such file'],
    [['connections', 'create', '--alias', 'x', '--schema', '/'], '/: it is a directory'],
    [['finetunings', 'list', '--url', 'localhost:8080'], '--url must be an http:// or https:// address'],
  ])('%j is refused in one line', async (args, words) => {
    const ended = await run(args);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(/^goldtune: [^\n]+\n$/);
    expect(ended.stderr).toContain(words);
  });

  test('a group without a command is answered with its help, and says what is missing', async () => {
    const ended = await run(['records']);
    expect(ended).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Usage: goldtune records') });
    expect(ended.stderr.trimEnd().split('\n').at(-1)).toBe('goldtune: a command is missing after `goldtune records`');
  });

  test('what only the server can judge is refused in its words', async () => {
    await using world = await startWorld();
    const { connection } = await world.seed(3);
    const create = (...more: string[]) =>
      run(['finetunings', 'create', '--connection', connection.id, ...more], { url: world.app.url });
    expect(await create()).toMatchObject({ code: 2, stderr: expect.stringContaining('at least 10 are required') });
    expect(await create('--epochs', '0')).toMatchObject({ code: 2, stderr: expect.stringContaining('n_epochs') });
    expect(await create('--model', 'gpt-0')).toMatchObject({ code: 2, stderr: expect.stringContaining('gpt-0') });
    expect(await run(['finetunings', 'get', 'x'], { url: world.app.url })).toMatchObject({
      code: 2,
      stderr: 'goldtune: id: must be an id of 24 lowercase hex digits\n',
    });
    expect(await world.trpc.finetunings.list.query({})).toEqual([]);
  });
});

describe('3: what was asked for is stored and goes on', () => {
  test('a cancel that is not proven in time', async () => {
    await using world = await startWorld();
    const finetuning = await world.createIn('running');
    world.faults.always('jobs.cancel', { kind: 'status', status: 503 });
    const ended = await runAnswered(['finetunings', 'cancel', finetuning.id, '--wait', '1'], { url: world.app.url });
    expect(ended).toMatchObject({ code: 3, stdout: expect.stringMatching(/^cancel\s+requested$/m) });
    expect(ended.stderr).toMatch(/^goldtune: .*its cancel is stored and goes on\n$/);
    world.faults.clear();
    await world.reached(finetuning.id, ({ status }) => status === 'cancelled', 'cancelled');
  });

  test('a delete that is still under way', async () => {
    await using world = await startWorld();
    const finetuning = await world.createIn('running');
    world.faults.always('*', { kind: 'reset_before' });
    const remove = ['finetunings', 'delete', finetuning.id];
    const patient = start([...remove, '--wait', '600'], { url: world.app.url });
    await world.reached(finetuning.id, ({ cancellation }) => cancellation !== null, 'asked to stop');
    const ended = await runAnswered([...remove, '--wait', '1'], { url: world.app.url });
    expect(ended).toMatchObject({ code: 3, stdout: `${finetuning.id} is being deleted\n` });
    expect(ended.stderr).toMatch(/^goldtune: .* is stored and goes on\n$/);

    world.faults.clear();
    expect(await patient.ended).toMatchObject({ code: 0, stderr: '' });
    expect(await run(['finetunings', 'get', finetuning.id], { url: world.app.url })).toMatchObject({ code: 5 });
    expect(world.ledger.files()).toEqual([]);
  });

  test('a run that has not ended after --timeout', async () => {
    await using world = await startWorld();
    const { id } = await world.createIn('running');
    const ended = await runAnswered(['finetunings', 'wait', id, '--timeout', '0.2'], { url: world.app.url });
    expect(ended).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('still running') });
  });
});

test.each(['succeeded', 'failed'] as const)('4: a cancel of a run that has %s, with its receipt', async (status) => {
  await using world = await startWorld();
  const { id } = await world.createIn(status);
  expect(await run(['finetunings', 'cancel', id], { url: world.app.url })).toMatchObject({
    code: 4,
    stdout: expect.stringMatching(/^cancel\s+too_late$/m),
    stderr: `goldtune: Model has already ${status}. Cannot cancel.\n`,
  });
});

test('5: there is no such thing', async () => {
  await using world = await startWorld();
  for (const args of [
    ['finetunings', 'get', UNKNOWN_ID],
    ['finetunings', 'watch', UNKNOWN_ID],
    ['finetunings', 'cancel', UNKNOWN_ID],
    ['finetunings', 'delete', UNKNOWN_ID],
    ['connections', 'get', UNKNOWN_ID],
    ['connections', 'delete', UNKNOWN_ID],
    ['records', 'get', UNKNOWN_ID],
    ['records', 'delete', UNKNOWN_ID],
  ]) {
    const ended = await run(args, { url: world.app.url });
    expect({ args, ...ended }).toMatchObject({ code: 5, stdout: '' });
    expect(ended.stderr).toMatch(new RegExp(`^goldtune: .*not found: ${UNKNOWN_ID}\\n$`));
  }
});

describe('6', () => {
  test('the API key is missing or wrong; it is never printed', async () => {
    await using world = await startWorld({ env: { ADMIN_API_KEY: KEY } });
    const url = world.app.url;
    expect(await run(['connections', 'list'], { url })).toMatchObject({
      code: 6,
      stderr:
        'goldtune: This server needs an API key: send it as "Authorization: Bearer <key>". Give --api-key or GOLDTUNE_API_KEY.\n',
    });
    const wrong = await run(['connections', 'list', '--api-key', `${KEY}-not`], { url });
    expect(wrong).toEqual({
      code: 6,
      stdout: '',
      stderr: `goldtune: ${WRONG_KEY} Give the right one as --api-key or GOLDTUNE_API_KEY.\n`,
    });
    const right = await run(['connections', 'list'], { url, env: { GOLDTUNE_API_KEY: KEY } });
    expect(right).toMatchObject({ code: 0, stderr: '' });
    expect(await run(['--help'], { url, env: { GOLDTUNE_API_KEY: KEY } })).not.toMatchObject({
      stdout: expect.stringContaining(KEY),
    });
    expect(wrong.stderr + right.stdout).not.toContain(KEY);
  });

  test('nor is a key that cannot be sent, or a password within the address', async () => {
    const broken = await run(['connections', 'list'], { env: { GOLDTUNE_API_KEY: `${KEY}\nX: y` } });
    expect(broken).toMatchObject({ code: 2, stderr: expect.stringContaining('characters that cannot be sent') });
    const within = await run(['connections', 'list', '--url', `http://me:${KEY}@127.0.0.1`]);
    expect(within).toMatchObject({ code: 2, stderr: expect.stringContaining('must not hold a password') });
    expect(broken.stderr + within.stderr).not.toContain(KEY);
  });
});

describe('7', () => {
  test('nobody listens there: it says where, and what to do', async () => {
    await using world = await startWorld();
    const { url } = world.app;
    await world.stop();
    expect(await run(['finetunings', 'list'], { url })).toEqual({
      code: 7,
      stdout: '',
      stderr: `goldtune: cannot reach goldtune at ${url}: connection refused; start it with \`npm start\`, or give its address as --url\n`,
    });
  });

  test('something else listens there', async () => {
    await using world = await startWorld();
    const url = `${world.app.url}/healthz`;
    const ended = await run(['finetunings', 'list'], { url });
    expect(ended).toMatchObject({ code: 7, stderr: expect.stringContaining('is not goldtune (HTTP 404)') });
  });
});

test.each([
  ['0', 'succeeded', 0],
  ['8', 'failed', 8],
  ['9', 'cancelled', 9],
] as const)('%s: watched and waited for, a run has %s', async (_name, status, code) => {
  await using world = await startWorld();
  const { id, model_id, error } = await world.createIn(status);
  const { url } = world.app;
  const watched = await run(['finetunings', 'watch', id], { url });
  expect(watched).toMatchObject({ code, stderr: '' });
  expect(watched.stdout).toContain(`${id} ${status}: ${model_id ?? error}\n`);
  expect(await run(['finetunings', 'wait', id], { url })).toMatchObject({ code, stderr: '' });
});

test('10: a database connection is in use, and can be deleted once nothing uses it any more', async () => {
  await using world = await startWorld();
  const { connection, records } = await world.seed(2);
  const { url } = world.app;
  const remove = ['connections', 'delete', connection.id];
  const refused = await run(remove, { url });
  expect(refused).toMatchObject({ code: 10, stdout: '', stderr: expect.stringContaining('used by 2 golden records') });
  const ids = records.map(({ id }) => id);
  const hidden = await run(['records', 'delete', ids[0] ?? '', UNKNOWN_ID, ids[1] ?? '', '--json'], { url });
  expect(hidden).toMatchObject({ code: 5, stderr: expect.stringContaining(UNKNOWN_ID) });
  const lines = hidden.stdout.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(ids.map((id) => ({ id, status: true })));
  expect(await run(remove, { url })).toEqual({ code: 0, stdout: `${connection.id} is deleted\n`, stderr: '' });
  expect(await run(['connections', 'get', connection.id], { url })).toMatchObject({ code: 5 });
});

test('130: Ctrl-C ends the watching, and the run goes on', async () => {
  await using world = await startWorld();
  const { id } = await world.createIn('running');
  const watching = start(['finetunings', 'watch', id], { url: world.app.url });
  await watching.prints('running');
  watching.child.kill('SIGINT');
  expect(await watching.ended).toMatchObject({ code: 130, stderr: 'goldtune: stopped watching; the run goes on\n' });
  expect(await world.get(id)).toMatchObject({ status: 'running', cancellation: null });
});

test('141: the reader of the output has left', async () => {
  await using world = await startWorld();
  const { id } = await world.createIn('running');
  const watching = start(['finetunings', 'watch', id], { url: world.app.url });
  await watching.prints('running');
  watching.child.stdout.destroy();
  world.ledger.finishNow(world.jobsOf(id)[0]?.id ?? '', 'succeeded');
  expect(await watching.ended).toMatchObject({ code: 141, stderr: '' });
});
