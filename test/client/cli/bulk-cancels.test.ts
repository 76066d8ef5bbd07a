// `goldtune finetunings cancel --where …`: shown before it is done, asked for by name, and waited for.
import { expect, test } from 'vitest';
import { startWorld } from '../../world.ts';
import { json, run } from './command-line.ts';

test('what would be stopped is shown, then stopped and proven, and its record says what has become of each run', async () => {
  await using world = await startWorld();
  const url = world.app.url;
  const [running, ended] = [await world.createIn('running'), await world.createIn('succeeded')];
  const cancel = ['finetunings', 'cancel'];

  const shown = await run([...cancel, '--all', '--dry-run'], { url });
  expect(shown).toMatchObject({ code: 0, stdout: expect.stringMatching(/^would be stopped +1$/m), stderr: '' });
  expect(shown.stdout).toContain(running.id);
  expect(shown.stdout).toMatch(/^past stopping +1$/m);
  // An id that was named to be looked at was cancelled.
  const named = await run([...cancel, running.id, '--dry-run'], { url });
  expect(named).toMatchObject({ code: 0, stdout: expect.stringMatching(/^would be stopped +1$/m) });
  // Nobody is there to be asked.
  expect(await run([...cancel, '--all'], { url })).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
  expect(await world.get(running.id)).toMatchObject({ cancellation: null });

  const where = ['--where', 'status=running', `connection=${running.db_connection_id}`];
  const done = await run([...cancel, ...where, '--yes', '--reason', 'wrong schema'], { url });
  expect(done).toMatchObject({ code: 0, stdout: expect.stringMatching(/^cancelled, proven +1$/m) });
  expect(done.stdout).toMatch(/^state +done$/m);
  expect(await world.get(running.id)).toMatchObject({ status: 'cancelled', cancellation: { reason: 'wrong schema' } });
  expect(await world.get(ended.id)).toMatchObject({ status: 'succeeded', cancellation: null });

  const id = /^id +([0-9a-f]{24})$/m.exec(done.stdout)?.[1] ?? '';
  expect(await json(['bulk-cancels', 'get', id], url)).toMatchObject({ id, state: 'done', runs: 1 });
  expect((await run(['bulk-cancels', 'list'], { url })).stdout).toMatch(
    new RegExp(`^${id} +done +status=running`, 'm'),
  );
  const runs = await run(['bulk-cancels', 'runs', id], { url });
  expect(runs.stdout).toMatch(new RegExp(`^${running.id} +cancelled`, 'm'));
  expect(await run(['bulk-cancels', 'get', 'a'.repeat(24)], { url })).toMatchObject({ code: 5 });
});

test('what is not clear stops nothing, and the message says what to give', async () => {
  await using world = await startWorld();
  const url = world.app.url;
  const running = await world.createIn('running');
  const refused = async (args: string[], words: string) =>
    expect(await run(['finetunings', 'cancel', ...args, '--yes'], { url })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(words),
    });
  await refused([], 'say which: ids of finetunings, --where, or --all');
  await refused(['--where', 'conection=1'], 'did you mean connection?');
  await refused(['--where', 'running'], 'key=value');
  await refused(['--all', '--where', 'status=running'], 'not both');
  await refused([running.id, '--all'], 'not two of them');
  await refused(['--where', 'status=succeeded'], 'status');
  await refused(['--where', 'status=running', 'status=queued'], 'status is given twice');
  await refused([running.id, '--idempotency-key', 'x'], '--idempotency-key is of --where and --all');
  expect(await world.get(running.id)).toMatchObject({ status: 'running', cancellation: null });
});

test('with --no-wait it is kept and goes on; with --wait it ends with 3 where the proof takes longer', async () => {
  await using world = await startWorld();
  const url = world.app.url;
  await world.createIn('running');
  const down = world.faults.hold('jobs.cancel', 'before');
  const asked = await run(['finetunings', 'cancel', '--all', '--yes', '--no-wait', '--json'], { url });
  expect(asked.code).toBe(0);
  expect(JSON.parse(asked.stdout)).toMatchObject({ state: 'stopping', runs: 1, counts: { stopping: 1 } });
  const waited = await run(['finetunings', 'cancel', '--all', '--yes', '--wait', '0.1'], { url });
  expect(waited).toMatchObject({ code: 3, stderr: expect.stringContaining('goldtune bulk-cancels get ') });
  down.release();
});
