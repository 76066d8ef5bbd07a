// What is shown: jobs by run and by deployment and by nobody else's, progress and logs, each status by our words.
import { describe, expect, test } from 'vitest';
import { bareRef } from '../../../server/finetuning/provider.ts';
import { done, newTag, start, submit } from './request.ts';
import type { Subject } from './world.ts';

export function looks({ guarantees, states, endings, open }: Subject): void {
  describe('a look', () => {
    test('for a run shows its jobs, those of the attempt where one is named, and nobody else’s', async () => {
      await using world = await open();
      const one = await submit(world);
      const next = await submit(world, { ...one.tag, goldtune_attempt: '2' });
      const other = await submit(world);
      const search = async (attempt: number | null, file_ids: readonly string[] = []) =>
        done(await world.provider.findJobs({ finetuning: one.tag.goldtune_finetuning, attempt, file_ids }))
          .found.map(({ id }) => id)
          .sort();
      expect(await search(null)).toEqual([one.job.id, next.job.id].sort());
      expect(await search(2)).toEqual([next.job.id]);
      expect(await search(1, [one.file.id])).toEqual([one.job.id]);
      expect(await search(3)).toEqual([]);
      expect(await search(null)).not.toContain(other.job.id);
    });

    test('for a deployment shows its jobs, each with what tells whose it is, and none of another', async () => {
      await using world = await open();
      const deployment = `d-${newTag().goldtune_finetuning}`;
      const ours = await submit(world, newTag(deployment));
      await submit(world, newTag('Another Deployment'));
      const listed = done(await world.provider.listJobs(deployment));
      expect(listed).toMatchObject({ found: [{ id: ours.job.id, tag: ours.tag }], incomplete: null });
    });

    test('at a job that is not there is refused as missing', async () => {
      await using world = await open();
      const { job } = await start(world);
      const never = bareRef(/^\d+$/.test(job.id) ? String(Number(job.id) + 1_000_000) : `${job.id}0`);
      expect(await world.provider.getJob(never)).toMatchObject({ kind: 'refused', refusal: { code: 'missing' } });
    });

    test.each(states.filter((state) => state !== 'held'))('at a job that is %s shows it so', async (state) => {
      await using world = await open();
      const { job } = await start(world);
      await world.reach(job, state);
      const shown = done(await world.provider.getJob(job));
      expect(shown).toMatchObject({ phase: 'active', held: false });
      // A host may have one word for all that comes before the training.
      if (state === 'running') expect(shown.shown_status).toBe('running');
      else expect(shown.shown_status).not.toBe('running');
    });

    test.skipIf(!endings.includes('succeeded'))(
      'at how far it is shows none before, and all steps at the end',
      async () => {
        await using world = await open();
        const { job } = await submit(world);
        expect(done(await world.provider.getProgress(job))?.step ?? 0).toBe(0);
        if (world.provider.releaseJob) done(await world.provider.releaseJob(job));
        await world.finish(job, 'succeeded');
        const progress = done(await world.provider.getProgress(job));
        expect(progress?.step).toBeGreaterThan(0);
        expect(progress?.step).toBe(progress?.total_steps);
      },
    );

    test('at what the trainer prints shows no more of its end than was asked for', async (context) => {
      await using world = await open();
      if (!world.provider.readLogs) return context.skip('it shows no logs');
      const { job } = await start(world);
      await world.finish(job, 'succeeded');
      const all = done(await world.provider.readLogs(job, 1_000_000));
      const end = done(await world.provider.readLogs(job, 10));
      expect(all.text.length).toBeGreaterThan(10);
      expect(new TextEncoder().encode(end.text).length).toBeLessThanOrEqual(10);
      expect(all.text.endsWith(end.text)).toBe(true);
      expect([all.whole, end.whole]).toEqual([true, false]);
    });
  });

  test('what it guarantees is what it was declared with', async () => {
    await using world = await open();
    expect(world.provider.guarantees).toEqual(guarantees);
    expect(world.provider.releaseJob === null).toBe(guarantees.start === 'at_create');
  });
}
