// Tokens of Slurm end. A run waits then, says what to do, and goes on with the next one, in a process that lives on.
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bareRef } from '../../server/finetuning/provider.ts';
import { until } from '../until.ts';
import { openRuns } from './run-world.ts';
import { describeOnSlurm, done, request, type Stage, startStage, upload } from './stage.ts';

const A_DAY = 86_400;

describeOnSlurm('a token of Slurm that has ended', () => {
  let resources: AsyncDisposableStack;
  let stage: Stage;
  beforeEach(async () => {
    resources = new AsyncDisposableStack();
    stage = resources.use(await startStage());
  });
  afterEach(() => resources.disposeAsync());

  const isTaken = async (token: string) => (await stage.providerWith({ token }).listJobs('default')).kind === 'done';

  async function ended(): Promise<string> {
    const token = await stage.cluster.newToken(1);
    await until(async () => !(await isTaken(token)), 'the token ends');
    return token;
  }

  /** As who rotates a secret puts it there: whole, under the same name. */
  async function put(path: string, token: string): Promise<void> {
    await writeFile(`${path}.next`, `${token}\n`);
    await rename(`${path}.next`, path);
  }

  async function runsWith(token: string) {
    const path = join(stage.cluster.home, 'token');
    await put(path, token);
    const runs = resources.use(await openRuns(stage.cluster, { env: { SLURM_JWT_FILE: path } }));
    return { path, runs };
  }

  test('does not end a run at its create: it says so with what to do, and trains once with the next token', async () => {
    const { path, runs } = await runsWith(await ended());
    const id = await runs.create(2);
    const { message } = await runs.said(id, 'provider_unavailable');
    expect(message).toContain('the token ended at 20');
    expect(message).toContain(path);
    expect(await runs.trpc.finetunings.get.query({ id })).toMatchObject({
      status: 'queued',
      waiting: { for: expect.stringContaining(path) },
    });
    await put(path, await stage.cluster.newToken(A_DAY));
    await runs.reached(id, 'succeeded');
    await runs.hasTrainedOnce(id, 2);
  });

  test('keeps a run that trains from being stopped for as long as there is no other, and no longer', async () => {
    const { path, runs } = await runsWith(await stage.cluster.newToken(A_DAY));
    const id = await runs.create(50);
    await runs.trains(id);
    await put(path, await ended());
    await runs.said(id, 'provider_unavailable');
    const cancelling = runs.trpc.finetunings.cancel.mutate({ id });
    await runs.said(id, 'cancel_requested');
    await put(path, await stage.cluster.newToken(A_DAY));
    await cancelling;
    await runs.isStopped(id);
  });

  test('is told by whoever asks whether the provider answers', async () => {
    const provider = stage.providerWith({ token: await ended() });
    const reason = expect.stringContaining('the token ended at 20');
    expect(await provider.checkReachable?.(60_000)).toMatchObject(
      stage.cluster.apiVersion === 'v0.0.38'
        ? { kind: 'unknown', reason }
        : { kind: 'refused', refusal: { message: reason } },
    );
    expect(await stage.provider.checkReachable?.(60_000)).toEqual({ kind: 'done', value: null });
  });

  test('proves nothing: neither of a job that is there, nor of one that is not, nor of a create', async () => {
    const token = await ended();
    const made = await stage.create();
    const provider = stage.providerWith({ token });
    const missing = { kind: 'refused', refusal: { code: 'missing' } };
    for (const job of [made.job, bareRef('4711')])
      for (const outcome of [await provider.getJob(job), await provider.cancelJob(job)]) {
        expect(outcome.kind).not.toBe('done');
        expect(outcome).not.toMatchObject(missing);
      }
    const other = await upload(stage.provider);
    expect(await provider.createJob(request(other))).toMatchObject({ kind: 'unknown' });
    expect(done(await stage.provider.getJob(made.job)).held).toBe(true);
  });
});
