// The terminal against a goldtune that stops half-way: each command ends by its time, in one line that says what to do.
import { expect, test } from 'vitest';
import { deleteAndWait } from '../../../client/src/cli/finetunings/delete-and-wait.ts';
import { createClient, isGoldtuneError } from '../../../client/src/index.ts';
import { until } from '../../until.ts';
import { startWorld } from '../../world.ts';
import { acceptOnly, type Fate, startStalling, thenOnce } from '../stalling.ts';
import { run, runAnswered, start } from './command-line.ts';

const ID = 'a'.repeat(24);

const stages: [string, typeof acceptOnly][] = [
  ['a connection and no more', acceptOnly],
  ...(['nothing is answered', 'headers and no body', 'half of a body'] satisfies Fate[]).map(
    (fate): [string, typeof acceptOnly] => [fate, () => startStalling(() => fate)],
  ),
];

const late = (url: string) => `goldtune at ${url} has not answered`;
const again = (verb: string) => `; its ${verb} may have arrived, and can be sent again safely`;
const advice = '; see whether it is goldtune that listens there, or give it more time with --request-timeout';

const commands: [string[], (url: string) => string][] = [
  [
    ['cancel', ID, '--wait', '0.2'],
    (url) => `no word of finetuning ${ID} in the time given: ${late(url)}${again('cancel')}`,
  ],
  [
    ['delete', ID, '--wait', '0.2'],
    (url) => `no word of finetuning ${ID} in the time given: ${late(url)}${again('delete')}`,
  ],
  [['wait', ID, '--timeout', '0.2'], (url) => `no word of finetuning ${ID} in the time given: ${late(url)}`],
  [['watch', ID, '--timeout', '0.2'], (url) => `no word of finetuning ${ID} in the time given: ${late(url)}`],
  [
    ['cancel', ID, '--no-wait', '--request-timeout', '0.2'],
    (url) => `${late(url)} within 0.2 s; it may have arrived, and can be sent again safely${advice}`,
  ],
  [['watch', ID, '--request-timeout', '0.2'], (url) => `${late(url)} within 0.2 s${advice}`],
  [['list', '--request-timeout', '0.2'], (url) => `${late(url)} within 0.2 s${advice}`],
];

test.each(stages)('7: %s', async (_, start) => {
  await using server = await start();
  const ended = await Promise.all(commands.map(([args]) => run(['finetunings', ...args], { url: server.url })));
  expect(ended).toEqual(
    commands.map(([, words]) => ({ code: 7, stdout: '', stderr: `goldtune: ${words(server.url)}\n` })),
  );
});

test('3: a watch whose time is over, though its stream is silent', async () => {
  await using world = await startWorld();
  const { id } = await world.createIn('running');
  const fateOf = (path: string) => (path.includes('finetunings.watch') ? 'an open stream, silent' : 'answered');
  await using server = await startStalling(fateOf, world.app.url ?? '');
  const ended = await runAnswered(['finetunings', 'watch', id, '--timeout', '1'], { url: server.url });
  expect(ended).toMatchObject({
    code: 3,
    stderr: `goldtune: finetuning ${id} is still running after the time given\n`,
  });
});

test('3: a cancel that was received before goldtune fell silent', async () => {
  await using world = await startWorld();
  const { id } = await world.createIn('running');
  world.faults.always('*', { kind: 'status', status: 503 });
  let cancels = 0;
  await using server = await startStalling(() => {
    cancels += 1;
    return cancels === 1 ? 'answered' : 'nothing is answered';
  }, world.app.url ?? '');
  const ended = await run(['finetunings', 'cancel', id, '--wait', '6'], { url: server.url });
  expect(ended).toMatchObject({ code: 3, stdout: expect.stringMatching(/^cancel\s+requested$/m) });
  expect(ended.stderr).toMatch(/^goldtune: .*its cancel is stored and goes on\n$/);
});

test('0: a delete that was waited for ended at once when goldtune was restarted', async () => {
  await using world = await startWorld();
  const { id } = await world.createIn('running');
  const { url, asked, ...before } = await startStalling(() => 'cut off');
  const deleting = start(['finetunings', 'delete', id, '--wait', '600'], { url });
  await until(() => asked.length > 0, 'the delete is asked for');
  await before[Symbol.asyncDispose]();
  await using _ = await startStalling(() => 'answered', world.app.url ?? '', Number(new URL(url).port));
  expect(await deleting.ended).toEqual({ code: 0, stdout: `${id} is forgotten\n`, stderr: '' });
  expect(world.jobsOf(id).map(({ status }) => status)).toEqual(['cancelled']);
});

test('0: a delete whose answer was lost, and which is done when it is asked for again', async () => {
  await using world = await startWorld();
  const { id } = await world.createIn('running');
  let forgotten = false;
  let deletes = 0;
  const fateOf = (): Fate => {
    deletes += 1;
    if (deletes === 1) return 'done and said to be unavailable';
    return forgotten ? 'answered' : 'a page of a proxy';
  };
  await using server = await startStalling(fateOf, world.app.url ?? '');
  const deleting = start(['finetunings', 'delete', id, '--wait', '600'], { url: server.url });
  await until(async () => {
    const known = await world.trpc.finetunings.list.query({});
    forgotten = known.length === 0;
    return forgotten;
  }, 'the run is forgotten');
  expect(await deleting.ended).toEqual({ code: 0, stdout: `${id} is forgotten\n`, stderr: '' });
});

test('a delete that was refused at first is not taken for done where there is no such run', async () => {
  await using world = await startWorld();
  const { url, ...gone } = await acceptOnly();
  await gone[Symbol.asyncDispose]();
  await using resources = new AsyncDisposableStack();
  const listen = async () =>
    resources.use(await startStalling(() => 'answered', world.app.url ?? '', Number(new URL(url).port)));
  const goldtune = createClient({ url, fetch: thenOnce(listen) });
  const { signal } = new AbortController();
  const error = await deleteAndWait({ goldtune, address: url }, ID, { timeout: 600_000, signal }).catch(
    (thrown) => thrown,
  );
  if (!isGoldtuneError(error)) throw error;
  expect(error.data.reason).toBe('not_found');
});

test('2: a time that is none', async () => {
  expect(await run(['finetunings', 'list', '--request-timeout', '0'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Give more than 0 seconds, such as 30.'),
  });
});
