// Whole runs on a real Slurm, over HTTP: what goldtune says of a run is what the process table and the trainer's output say.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { until } from '../until.ts';
import { openRuns } from './run-world.ts';
import { describeOnSlurm, type Stage, startStage } from './stage.ts';

describeOnSlurm('a run on a Slurm of one’s own', () => {
  let resources: AsyncDisposableStack;
  let stage: Stage;
  let runs: Awaited<ReturnType<typeof openRuns>>;

  beforeEach(async () => {
    resources = new AsyncDisposableStack();
    stage = resources.use(await startStage());
    runs = resources.use(await openRuns(stage.cluster));
  });
  afterEach(() => resources.disposeAsync());

  test('trains once, and names the folder of its model', async () => {
    const id = await runs.create(2);
    const { model_id } = await runs.reached(id, 'succeeded');
    await readFile(join(String(model_id), 'model.json'));
    await runs.hasTrainedOnce(id, 2);
  });

  test('that is cancelled while it trains has no process left when that is said', async () => {
    const id = await runs.create(50);
    await runs.trains(id);
    await runs.trpc.finetunings.cancel.mutate({ id });
    await runs.isStopped(id);
  });

  test('that is cancelled is stopped, though the controller is killed as it has answered', async () => {
    const id = await runs.create(50);
    await runs.trains(id);
    const cancelling = runs.trpc.finetunings.cancel.mutate({ id });
    await runs.said(id, 'cancel_answered');
    await stage.cluster.crash();
    await cancelling;
    await runs.isStopped(id);
  });

  test('that is cancelled is stopped, though the controller has forgotten that it let it begin', async () => {
    const { cluster } = stage;
    const shown = () => cluster.scontrol('show', 'job');
    const partition = (state: string) =>
      cluster.scontrol('update', `PartitionName=${cluster.partition}`, `State=${state}`);
    await partition('DOWN');
    const id = await runs.create(50);
    const job = await until(async () => {
      const text = await shown();
      return text.includes('Reason=Partition') ? (/JobId=(\d+)/.exec(text)?.[1] ?? null) : null;
    }, 'it lets its job begin');
    // Out of the sight of goldtune, which would let it begin again.
    cluster.rest.freeze();
    await cluster.scontrol('hold', job);
    await cluster.settle();
    const comeBack = await cluster.remember();
    await cluster.scontrol('release', job);
    await partition('UP');
    await runs.trains(id);
    await comeBack();
    expect(await shown()).toMatch(/JobState=PENDING Reason=JobHeld/);
    cluster.rest.thaw();
    await runs.trpc.finetunings.cancel.mutate({ id });
    await runs.isStopped(id);
  });

  test('whose create got no answer in time trains once all the same', async () => {
    stage.cluster.controller.freeze();
    const id = await runs.create(2);
    await runs.said(id, 'submission_unknown');
    stage.cluster.controller.thaw();
    await runs.reached(id, 'succeeded');
    await runs.hasTrainedOnce(id, 2);
  });

  test('that is cancelled while the controller does not answer is stopped once it does', async () => {
    const id = await runs.create(50);
    await runs.trains(id);
    stage.cluster.controller.freeze();
    const cancelling = runs.trpc.finetunings.cancel.mutate({ id });
    await runs.said(id, 'cancel_sent');
    stage.cluster.controller.thaw();
    await cancelling;
    await runs.isStopped(id);
  });
});
