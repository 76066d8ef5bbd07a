// The cancel table: a stop from every state a job can be in, on the real engine, judged by its processes and its output.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tinyCommand } from '../../examples/slurm/local/tiny-command.ts';
import { bareRef } from '../../server/finetuning/provider.ts';
import { until } from '../until.ts';
import { describeOnSlurm, done, type Made, type Stage, startStage } from './stage.ts';

describeOnSlurm('a stop', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage();
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  /** With the file left, as anybody with an account there may. */
  const cancelByOthers = ({ job }: Made) => stage.cluster.scancel(job.id);

  /** Stopped for good: over as cancelled, no process, and no step more than there were. */
  async function isStopped(made: Made): Promise<number> {
    const stood = await stage.stood(made);
    expect(await stage.over(made)).toMatchObject({
      id: made.job.id,
      phase: 'cancelled',
      provider_status: expect.stringMatching(/^CANCELLED$|as its training file was removed$/),
    });
    expect((await stage.steps(made)).length).toBe(stood);
    expect(await stage.provider.getFile(made.file)).toMatchObject({ kind: 'refused', refusal: { code: 'missing' } });
    return stood;
  }

  test('of a held job leaves one that never trains', async () => {
    const made = await stage.create();
    expect(made.job).toMatchObject({ held: true, phase: 'active', shown_status: 'queued', tag: made.tag });
    expect(await stage.stop(made)).toMatchObject({ kind: 'done' });
    expect(await isStopped(made)).toBe(0);
    expect(await stage.provider.releaseJob?.(made.job)).toMatchObject({
      kind: 'refused',
      refusal: { code: 'invalid' },
    });
  });

  test('of a job that waits for a node leaves one that never trains', async () => {
    const made = await stage.pending();
    expect(done(await stage.provider.getJob(made.job))).toMatchObject({ held: false, shown_status: 'queued' });
    await stage.stop(made);
    expect(await isStopped(made)).toBe(0);
    await stage.stop(made.blocker);
    await isStopped(made.blocker);
  });

  test('of a running job ends its processes', async () => {
    const made = await stage.running();
    expect(done(await stage.provider.getJob(made.job))).toMatchObject({ held: false, shown_status: 'running' });
    await stage.stop(made);
    expect(await isStopped(made)).toBeGreaterThan(2);
  });

  test('of a job whose machine does not answer is not over while its process writes', async () => {
    const made = await stage.running();
    stage.cluster.node.freeze();
    await cancelByOthers(made);
    const before = (await stage.steps(made)).length;
    const shown = done(await stage.provider.getJob(made.job));
    expect(shown).toMatchObject({ phase: 'active', provider_status: expect.stringContaining('COMPLETING') });
    await until(async () => (await stage.steps(made)).length > before + 2, 'it goes on writing');
    expect(done(await stage.provider.getJob(made.job)).phase).toBe('active');
    stage.cluster.node.thaw();
    await stage.provider.deleteFile(made.file);
    await isStopped(made);
  });

  test('of a job whose machine does not answer ends it all the same: its script misses its file', async () => {
    const made = await stage.running();
    stage.cluster.node.freeze();
    await stage.stop(made);
    const stood = await stage.stood(made);
    expect((await stage.steps(made)).length).toBe(stood);
    stage.cluster.node.thaw();
    await isStopped(made);
  });

  test('of a job that has finished changes nothing', async () => {
    const made = await stage.create({ epochs: 1 });
    await stage.release(made);
    const finished = await stage.over(made);
    expect(finished).toMatchObject({ phase: 'succeeded', provider_status: 'COMPLETED' });
    expect(finished.model_id).toContain(made.file);
    expect(done(await stage.provider.cancelJob(made.job))).toEqual(finished);
    expect(done(await stage.provider.getJob(made.job))).toEqual(finished);
  });

  test('of a job that has failed changes nothing', async () => {
    const made = await stage.create({
      provider: stage.providerWith({ command: 'cat {training_file} >/dev/null; exit 7' }),
      request: { n_epochs: 'auto' },
    });
    await stage.release(made);
    const failed = await stage.over(made);
    expect(failed).toMatchObject({ phase: 'failed', error: 'FAILED, NonZeroExitCode, exit code 7' });
    expect(failed.never_trained).toBe(false);
    expect(done(await stage.provider.cancelJob(made.job))).toEqual(failed);
  });

  test('of a job that is cancelled already is answered with that', async () => {
    const made = await stage.running();
    await stage.stop(made);
    await isStopped(made);
    expect(await stage.provider.deleteFile(made.file)).toMatchObject({ kind: 'refused', refusal: { code: 'missing' } });
    expect(await stage.provider.cancelJob(made.job)).toMatchObject({ kind: 'done', value: { phase: 'cancelled' } });
  });

  test('of a job that was never there is refused as missing', async () => {
    for (const id of ['99999', '0', '../jobs', '1/../2']) {
      expect(await stage.provider.cancelJob(bareRef(id))).toMatchObject({
        kind: 'refused',
        refusal: { code: 'missing' },
      });
      expect(await stage.provider.getJob(bareRef(id))).toMatchObject({ kind: 'refused', refusal: { code: 'missing' } });
    }
  });

  test('by an id that has become another job touches nothing', async () => {
    const made = await stage.running();
    for (const wrong of [{ name: 'goldtune-0123.1.0123456789abcdef' }]) {
      const refused = { kind: 'refused', refusal: { code: 'missing' } };
      expect(await stage.provider.cancelJob({ ...made.job, ...wrong })).toMatchObject(refused);
      expect(await stage.provider.releaseJob?.({ ...made.job, ...wrong })).toMatchObject(refused);
    }
    expect(done(await stage.provider.getJob(made.job)).phase).toBe('active');
    await stage.stop(made);
    await isStopped(made);
  });

  test('by the removal of its file alone keeps a held job from training when it is released', async () => {
    const made = await stage.create();
    done(await stage.provider.deleteFile(made.file));
    await stage.release(made);
    expect(await stage.over(made)).toMatchObject({ phase: 'failed', never_trained: true });
    expect(await stage.stood(made)).toBe(0);
  });

  const stubborn = tinyCommand('--pause-ms 20 --ignore-sigterm');
  test.each([
    ['of a trainer that ignores SIGTERM', stubborn],
    ['of a trainer that ignores SIGTERM, whose launcher does not', `${stubborn} & wait`],
    ['of a trainer that has left the session of its launcher', `setsid ${stubborn} & wait`],
  ])('%s ends it all the same, before it is said to be over', async (_whose, command) => {
    const made = await stage.running({ provider: stage.providerWith({ command }) });
    await stage.stop(made);
    await stage.over(made);
    expect(stage.processes(made)).toEqual([]);
    expect(await isStopped(made)).toBeGreaterThan(2);
  });
});
