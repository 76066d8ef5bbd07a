// Real faults at every step: a controller that is stopped, killed or forgets, a daemon that is gone, a requeue, a purge.
// What is believed is the process table and what the trainers have written: who trained, and until when.
import { access } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isSameJob, type Provider } from '../../server/finetuning/provider.ts';
import { until } from '../until.ts';
import { describeOnSlurm, done, type Made, request, type Stage, startStage, upload } from './stage.ts';

describeOnSlurm('on a Slurm whose daemons fail', () => {
  let stage: Stage;
  /** Gives up soon on who does not answer. */
  let impatient: Provider;
  beforeEach(async () => {
    stage = await startStage();
    impatient = stage.providerWith({ timeoutMs: 1500 });
  });
  afterEach(() => stage[Symbol.asyncDispose]());

  const missing = { kind: 'refused', refusal: { code: 'missing' } };
  const jobsOf = async ({ finetuning, file }: Pick<Made, 'finetuning' | 'file'>) =>
    done(await stage.provider.findJobs({ finetuning, attempt: null, file_ids: [file] })).found;

  /** Released, it is over without a step: its own script says that it never started. */
  async function isHarmless(made: Made): Promise<void> {
    const shown = await stage.provider.getJob(made.job);
    if (shown.kind === 'done' && shown.value.held) await stage.release(made);
    if (shown.kind === 'done') await stage.over(made);
    expect(await stage.stood(made)).toBe(0);
  }

  /** 22.05 does it though the job says no; 24.11 refuses, and it trains on. */
  async function isRequeued(made: Made): Promise<boolean> {
    const isDone = await stage.cluster.scontrol('requeue', made.job.id).then(
      () => true,
      () => false,
    );
    if (isDone) return true;
    const before = (await stage.steps(made)).length;
    await until(async () => (await stage.steps(made)).length > before, 'it trains on');
    return false;
  }

  test('a create whose answer is late makes a job that is held, is found by its tag, and does not train by itself', async () => {
    const made = await upload(stage.provider);
    stage.cluster.controller.freeze();
    expect(await impatient.createJob(request(made))).toMatchObject({ kind: 'unknown' });
    stage.cluster.controller.thaw();
    const [job] = await until(async () => {
      const found = await jobsOf(made);
      return found.length > 0 && found;
    }, 'the late create has made its job');
    expect(job).toMatchObject({ held: true, phase: 'active', training_file_id: made.file, tag: made.tag });
    expect(await stage.steps({ ...made, job: job ?? expect.fail() })).toEqual([]);
  });

  test('a create that is carried out after its file was removed makes a job that cannot train', async () => {
    const made = await upload(stage.provider);
    stage.cluster.controller.freeze();
    expect(await impatient.createJob(request(made))).toMatchObject({ kind: 'unknown' });
    done(await stage.provider.deleteFile(made.file));
    stage.cluster.controller.thaw();
    const job = await until(async () => (await jobsOf(made))[0] ?? null, 'the late create has made its job');
    await stage.release({ ...made, job });
    expect(await stage.over({ ...made, job })).toMatchObject({ phase: 'failed', never_trained: true });
    expect(await stage.stood({ ...made, job })).toBe(0);
  });

  test('a cancel whose answer is lost is carried out once the controller goes on, and can be sent again', async () => {
    const made = await stage.running();
    done(await stage.provider.deleteFile(made.file));
    stage.cluster.controller.freeze();
    expect(await impatient.cancelJob(made.job)).toMatchObject({ kind: 'unknown' });
    expect(await impatient.getJob(made.job)).toMatchObject({ kind: 'unknown' });
    stage.cluster.controller.thaw();
    await stage.provider.cancelJob(made.job);
    expect(await stage.over(made)).toMatchObject({ phase: 'cancelled' });
    const stood = await stage.stood(made);
    expect((await stage.steps(made)).length).toBe(stood);
  });

  test('a release whose answer is lost is carried out once, late, and the job then trains once', async () => {
    const made = await stage.create({ epochs: 2 });
    stage.cluster.controller.freeze();
    expect(await impatient.releaseJob?.(made.job)).toMatchObject({ kind: 'unknown' });
    stage.cluster.controller.thaw();
    await stage.release(made);
    expect(await stage.over(made)).toMatchObject({ phase: 'succeeded' });
    expect(await stage.steps(made)).toEqual(Array.from({ length: 24 }, (_, step) => step + 1));
  });

  test('a job that a crash has forgotten is missing under its id, which has become another job that nobody touches', async () => {
    const forgotten = await stage.cluster.forget(() => stage.create());
    expect(await stage.provider.getJob(forgotten.job)).toMatchObject(missing);
    const other = await stage.running();
    expect(other.job.id).toBe(forgotten.job.id);
    expect(isSameJob(forgotten.job, done(await stage.provider.getJob(forgotten.job)))).toBe(false);
    expect(await jobsOf(forgotten)).toEqual([]);
    expect(await stage.stop(forgotten)).toMatchObject(missing);
    expect(await stage.provider.releaseJob?.(forgotten.job)).toMatchObject(missing);
    const before = (await stage.steps(other)).length;
    await until(async () => (await stage.steps(other)).length > before + 2, 'the other job trains on');
  });

  test('a training whose job is forgotten while it runs is ended by Slurm itself, and its file is gone for any other', async () => {
    const made = await stage.cluster.forget(() => stage.running());
    await stage.stood(made);
    // Killed, it could not say that it ended, and is given a moment to be heard of.
    expect(await stage.over(made)).toMatchObject({
      phase: 'failed',
      error: 'it began, and never said how it ended',
      never_trained: false,
    });
  });

  test('a cancel that was confirmed comes back after a crash where the file is left, and the job then trains', async () => {
    const made = await stage.pending();
    await stage.cluster.settle();
    await stage.cluster.scancel(made.job.id);
    expect(done(await stage.provider.getJob(made.job)).phase).toBe('cancelled');
    await stage.cluster.crash();
    await stage.stop(made.blocker);
    await until(async () => (await stage.steps(made)).length > 2, 'the cancelled job trains');
  });

  test('a cancel that was confirmed stays so after a crash where the file went first', async () => {
    const made = await stage.pending();
    await stage.cluster.settle();
    await stage.stop(made);
    expect(done(await stage.provider.getJob(made.job)).phase).toBe('cancelled');
    await stage.cluster.crash();
    await stage.stop(made.blocker);
    await isHarmless(made);
  });

  test('a job whose cancel is forgotten altogether cannot train, since its file is gone', async () => {
    const made = await stage.pending();
    await stage.cluster.forget(() => stage.stop(made));
    expect(done(await stage.provider.getJob(made.job))).toMatchObject({ phase: 'active', held: false });
    await stage.stop(made.blocker);
    await isHarmless(made);
  });

  test('a running job whose cancel is forgotten is ended all the same', async () => {
    const made = await stage.running();
    await stage.cluster.forget(async () => {
      await stage.stop(made);
      await stage.stood(made);
    });
    const stood = await stage.stood(made);
    await stage.stop(made);
    await stage.over(made);
    expect((await stage.steps(made)).length).toBe(stood);
  });

  test('a job whose release is forgotten while it trains is shown as running, and a stop of it ends it', async () => {
    const made = await stage.create();
    await stage.cluster.forget(async () => {
      await stage.release(made);
      await until(async () => (await stage.steps(made)).length > 2, 'it trains');
    });
    // Slurm itself shows it as held, and once it is cancelled, as CANCELLED: its processes it leaves alone.
    expect(await stage.cluster.scontrol('show', 'job', made.job.id)).toMatch(/JobState=PENDING Reason=JobHeld/);
    expect(done(await stage.provider.getJob(made.job))).toMatchObject({
      phase: 'active',
      held: false,
      shown_status: 'running',
    });
    await stage.stop(made);
    if (stage.processes(made).length > 0) expect(done(await stage.provider.getJob(made.job)).phase).toBe('active');
    expect(await stage.over(made)).toMatchObject({ phase: 'cancelled' });
    expect(stage.processes(made)).toEqual([]);
    const stood = await stage.stood(made);
    expect((await stage.steps(made)).length).toBe(stood);
  });

  test('a release that is forgotten leaves a job that is held again, or that has trained once', async () => {
    const made = await stage.create({ epochs: 1 });
    await stage.cluster.forget(() => stage.release(made));
    if (done(await stage.provider.getJob(made.job)).held) await stage.release(made);
    await stage.over(made);
    const steps = await stage.steps(made);
    expect(new Set(steps).size).toBe(steps.length);
  });

  test('while slurmrestd is gone nothing is known, and nothing is concluded', async () => {
    const made = await stage.running();
    await stage.cluster.rest.kill();
    const nothing = { kind: 'unknown' };
    expect(await stage.provider.getJob(made.job)).toMatchObject(nothing);
    expect(await stage.provider.cancelJob(made.job)).toMatchObject(nothing);
    expect(await stage.provider.createJob(request(await upload(stage.provider)))).toMatchObject(nothing);
    expect(await stage.provider.findJobs({ finetuning: made.finetuning, attempt: 1, file_ids: [] })).toMatchObject(
      nothing,
    );
    expect(await stage.provider.listJobs('default')).toMatchObject(nothing);
    await stage.cluster.rest.start();
    await stage.stop(made);
    expect(await stage.over(made)).toMatchObject({ phase: 'cancelled' });
    await stage.stood(made);
  });

  test('while the controller is gone nothing is known, and nothing is concluded', async () => {
    const made = await stage.running();
    await stage.cluster.settle();
    await stage.cluster.controller.kill();
    for (const outcome of [
      await impatient.getJob(made.job),
      await impatient.cancelJob(made.job),
      await impatient.listJobs('default'),
    ])
      expect(outcome).toMatchObject({ kind: 'unknown' });
    await stage.cluster.controller.start();
    await stage.stop(made);
    await stage.stood(made);
  });

  test('a job that an administrator puts back into the queue does not train a second time', async () => {
    const made = await stage.running();
    if (!(await isRequeued(made))) return;
    const stood = await stage.stood(made);
    // It is still the run's own, and would start again some minutes later.
    await until(async () => {
      const shown = done(await stage.provider.getJob(made.job));
      expect(shown).toMatchObject({ phase: 'active', tag: made.tag });
      return shown.provider_status === 'PENDING';
    }, 'it waits again');
    await stage.cluster.scontrol('update', `JobId=${made.job.id}`, 'StartTime=now');
    const over = await stage.over(made);
    expect(over).toMatchObject({ phase: 'failed' });
    // It has trained before it refused.
    expect(over.never_trained).toBe(false);
    expect(await stage.stood(made)).toBe(stood);
  });

  test('a job that an administrator puts back into the queue can be stopped there', async () => {
    const made = await stage.running();
    await isRequeued(made);
    await stage.stop(made);
    expect(await stage.over(made)).toMatchObject({ phase: 'cancelled' });
    const stood = await stage.stood(made);
    expect((await stage.steps(made)).length).toBe(stood);
  });

  test('a job for a partition that is down waits, and a stop of it leaves one that never trains', async () => {
    const made = await stage.create({ provider: stage.providerWith({ partition: 'shut' }) });
    await stage.release(made);
    expect(done(await stage.provider.getJob(made.job))).toMatchObject({ held: false, shown_status: 'queued' });
    await stage.stop(made);
    expect(await stage.over(made)).toMatchObject({ phase: 'cancelled' });
    expect(await stage.stood(made)).toBe(0);
  });

  test('a partition that is not there refuses the create, and no job is made', async () => {
    const made = await upload(stage.provider);
    const outcome = await stage.providerWith({ partition: 'nowhere' }).createJob(request(made));
    expect(outcome).toMatchObject({ kind: 'refused', refusal: { code: 'invalid' } });
    expect(await jobsOf(made)).toEqual([]);
  });

  test('a token that is not accepted is told, and nothing is concluded from it', async () => {
    const made = await stage.create();
    const locked_out = stage.providerWith({ token: 'x' });
    for (const outcome of [await locked_out.getJob(made.job), await locked_out.cancelJob(made.job)])
      expect(outcome.kind).not.toBe('done');
    expect(await locked_out.getJob(made.job)).not.toMatchObject(missing);
    expect(done(await stage.provider.getJob(made.job)).held).toBe(true);
  });
});

describeOnSlurm('a record that Slurm has dropped', () => {
  test('is answered from what the job wrote itself, where it ended by itself, and is missing otherwise', async () => {
    await using stage = await startStage({ min_job_age: 1 });
    const finished = await stage.create({ epochs: 1 });
    await stage.release(finished);
    const stopped = await stage.running();
    await stage.stop(stopped);
    await stage.stood(stopped);
    // Slurm kills it before its script could say anything.
    const killed = await stage.running();
    for (const { pid } of stage.table(killed)) process.kill(pid, 'SIGSTOP');
    await stage.stop(killed);
    await stage.stood(killed);
    await until(async () => {
      const shown = await stage.cluster.scontrol('show', 'job').catch(() => '');
      return !shown.includes('JobId=');
    }, 'Slurm has dropped its records');
    const kept = { id: finished.job.id, phase: 'succeeded', tag: { goldtune_finetuning: finished.finetuning } };
    expect(await stage.provider.getJob(finished.job)).toMatchObject({ kind: 'done', value: kept });
    const search = { finetuning: finished.finetuning, attempt: 1, file_ids: [finished.file] };
    expect(done(await stage.provider.findJobs(search)).found).toMatchObject([kept]);
    await access(`${done(await stage.provider.getJob(finished.job)).model_id}/model.json`);
    for (const { job } of [stopped, killed]) {
      await until(async () => {
        const shown = await stage.provider.getJob(job);
        expect(shown).not.toMatchObject({ kind: 'done', value: { phase: 'failed' } });
        return shown.kind === 'refused' && shown.refusal.code === 'missing';
      }, `job ${job.id} is missing`);
    }
  });
});
