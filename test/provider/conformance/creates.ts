// Files and creates: what is made is there under our name, and what cannot be made is refused and makes nothing.
import { describe, expect, test } from 'vitest';
import { until } from '../../until.ts';
import { done, inWorld, newTag, requestFor, shownOver, start, submit, upload } from './request.ts';
import type { Subject } from './world.ts';

export function creates({ guarantees, endings, open }: Subject): void {
  describe('a file', () => {
    test('that is uploaded is shown and listed by its name until it is deleted', async () => {
      await using world = await open();
      const tag = newTag();
      const file = done(await upload(world, tag));
      const name = `${tag.goldtune_finetuning}.1.jsonl`;
      expect(file.name).toBe(name);
      expect(await world.files()).toContain(file.id);
      expect(done(await world.provider.getFile(file.id))).toMatchObject({ id: file.id, ready: true });
      const listed = done(await world.provider.listFiles());
      expect(listed.incomplete).toBeNull();
      expect(listed.found).toContainEqual({ id: file.id, name, ready: true });
      expect(done(await world.provider.deleteFile(file.id))).toMatchObject({ id: file.id });
      expect(await world.files()).not.toContain(file.id);
      expect(done(await world.provider.listFiles()).found.map(({ id }) => id)).not.toContain(file.id);
    });

    test('that is gone is refused as missing: to whoever looks, and to whoever deletes it again', async () => {
      await using world = await open();
      const file = done(await upload(world, newTag()));
      done(await world.provider.deleteFile(file.id));
      const missing = { kind: 'refused', refusal: { code: 'missing' } };
      expect(await world.provider.getFile(file.id)).toMatchObject(missing);
      expect(await world.provider.deleteFile(file.id)).toMatchObject(missing);
    });

    test('that is uploaded again under the same name is another one', async () => {
      await using world = await open();
      const tag = newTag();
      const first = done(await upload(world, tag));
      done(await world.provider.deleteFile(first.id));
      const second = done(await upload(world, tag));
      expect(second.id).not.toBe(first.id);
      expect(await world.files()).not.toContain(first.id);
    });
  });

  describe('a create', () => {
    test('makes one job, on its file and with our tag', async () => {
      await using world = await open();
      const { job, file, tag } = await submit(world);
      const shown = done(await world.provider.getJob(job));
      expect(shown).toMatchObject({ id: job.id, phase: 'active', held: guarantees.start === 'held' });
      expect(shown.tag).toMatchObject({ goldtune_finetuning: tag.goldtune_finetuning, goldtune_attempt: '1' });
      expect([file.id, null]).toContain(shown.training_file_id);
      const listed = done(
        await world.provider.findJobs({ finetuning: tag.goldtune_finetuning, attempt: 1, file_ids: [] }),
      );
      expect(listed).toMatchObject({ found: [{ id: job.id }], incomplete: null });
    });

    test('on a file that is gone never trains', async () => {
      await using world = await open();
      const tag = newTag();
      const file = done(await upload(world, tag));
      done(await world.provider.deleteFile(file.id));
      const created = await world.provider.createJob(requestFor(world, file.id, tag));
      if (created.kind === 'done') {
        if (world.provider.releaseJob) await world.provider.releaseJob(created.value);
        expect(await shownOver(world, created.value)).not.toMatchObject({ phase: 'succeeded' });
        expect(await inWorld(world, created.value)).toMatchObject({ isOver: true, hasTrained: false });
      } else
        expect(created).toMatchObject({
          kind: 'refused',
          refusal: { code: expect.stringMatching(/^(invalid|missing)$/) },
        });
    });

    test.each([
      ['learning_rate', { learning_rate: 0.0001 }],
      ['learning_rate_multiplier', { learning_rate_multiplier: 2 }],
      ['lora', { lora: { r: 8, alpha: 16, dropout: 0 } }],
    ] as const)(
      'with a %s makes a job where that is known, and else is refused by that name',
      async (parameter, given) => {
        await using world = await open();
        const tag = newTag();
        const file = done(await upload(world, tag));
        const before = (await world.jobs()).length;
        const created = await world.provider.createJob({ ...requestFor(world, file.id, tag), ...given });
        if (world.provider.parameters.includes(parameter)) return expect(created).toMatchObject({ kind: 'done' });
        expect(created).toMatchObject({
          kind: 'refused',
          refusal: { code: 'invalid', message: expect.stringContaining(parameter) },
        });
        expect(await world.jobs()).toHaveLength(before);
      },
    );
  });

  describe.skipIf(guarantees.start !== 'held')('a job that is held', () => {
    test('does not train before its release, and trains after it', async () => {
      await using world = await open();
      const { job } = await submit(world);
      expect(done(await world.provider.getJob(job))).toMatchObject({ phase: 'active', held: true });
      expect(await inWorld(world, job)).toMatchObject({ isOver: false, hasTrained: false });
      expect(await world.provider.releaseJob?.(job)).toMatchObject({ kind: 'done', value: { held: false } });
      await world.reach(job, 'running');
      await until(async () => (await inWorld(world, job)).hasTrained, 'the released job trains');
      done(await world.provider.cancelJob(job));
    });

    test('is cancelled without having trained, and a release that comes later does not wake it', async () => {
      await using world = await open();
      const { job, file } = await submit(world);
      done(await world.provider.deleteFile(file.id));
      done(await world.provider.cancelJob(job));
      await shownOver(world, job);
      expect(await world.provider.releaseJob?.(job)).not.toMatchObject({ kind: 'done', value: { phase: 'active' } });
      expect(await inWorld(world, job)).toMatchObject({ isOver: true, hasTrained: false });
    });
  });

  describe.skipIf(endings.length === 0)('a job that goes on', () => {
    test.each(endings)('ends as %s, which is shown with what it has done', async (ending) => {
      await using world = await open();
      const { job } = await start(world);
      await world.finish(job, ending);
      const shown = await shownOver(world, job);
      expect(shown).toMatchObject({ phase: ending, shown_status: null });
      if (ending === 'failed') expect(shown.error).toEqual(expect.any(String));
      else expect(shown.model_id).toEqual(expect.any(String));
    });
  });
}
