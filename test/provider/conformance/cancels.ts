// The cancel from every starting state, and of what is over, unknown or somebody else's.
import { describe, expect, test } from 'vitest';
import { bareRef, type JobRef } from '../../../server/finetuning/provider.ts';
import { done, inWorld, newTag, shownOver, start, submit } from './request.ts';
import type { StartingState, Subject, World } from './world.ts';

export function cancels({ guarantees, states, endings, open }: Subject): void {
  const isForgetful = guarantees.stop === 'fence_then_cancel';

  describe('a cancel', () => {
    test.each(states)('of a job that is %s ends it, and the provider shows it as cancelled', async (state) => {
      await using world = await open();
      const { job, file } = await at(world, state);
      const before = await inWorld(world, job);
      expect(before).toMatchObject({ isOver: false, hasTrained: state === 'running' });
      if (isForgetful) done(await world.provider.deleteFile(file.id));
      const answer = await world.provider.cancelJob(job);
      expect(answer).toMatchObject({ kind: 'done', value: { id: job.id } });
      expect(await shownOver(world, job)).toMatchObject({ phase: 'cancelled' });
      expect(await inWorld(world, job)).toEqual({ ...before, isOver: true });
    });

    test('that is sent again changes nothing, whatever it is answered', async () => {
      await using world = await open();
      const { job } = await start(world);
      done(await world.provider.cancelJob(job));
      const shown = await shownOver(world, job);
      const before = await inWorld(world, job);
      await world.provider.cancelJob(job);
      expect(await world.provider.getJob(job)).toMatchObject({ kind: 'done', value: { phase: shown.phase } });
      expect(await inWorld(world, job)).toEqual(before);
    });

    test.each(endings)('of a job that has %s by then leaves it as it ended', async (ending) => {
      await using world = await open();
      const { job } = await start(world);
      await world.finish(job, ending);
      expect(await shownOver(world, job)).toMatchObject({ phase: ending });
      await world.provider.cancelJob(job);
      expect(await world.provider.getJob(job)).toMatchObject({ kind: 'done', value: { phase: ending } });
    });

    test('of a job that is not there is refused as missing, and touches no other', async () => {
      await using world = await open();
      const { job } = await start(world);
      const before = await inWorld(world, job);
      expect(await world.provider.cancelJob(noSuchJob(job))).toMatchObject({
        kind: 'refused',
        refusal: { code: 'missing' },
      });
      expect(await inWorld(world, job)).toMatchObject({ isOver: before.isOver });
    });

    test('that means another job than the id shows is refused as missing, and that one goes on', async (context) => {
      await using world = await open();
      const { job } = await start(world);
      const other = another(job);
      if (other === null) return context.skip('an id is all that tells its jobs apart');
      expect(await world.provider.cancelJob(other)).toMatchObject({ kind: 'refused', refusal: { code: 'missing' } });
      expect(await inWorld(world, job)).toMatchObject({ isOver: false });
    });

    test('of a job that never began, whose id is another one’s now, is refused as missing, and that one goes on', async (context) => {
      await using world = await open();
      if (!world.reuseId) return context.skip('its ids are never reused');
      const { job } = await submit(world, newTag('of the forgotten'));
      await world.reuseId(job);
      expect(await world.provider.cancelJob(job)).toMatchObject({ kind: 'refused', refusal: { code: 'missing' } });
      expect(await inWorld(world, job)).toMatchObject({ isOver: false });
    });

    // What it has written itself may still tell how it ended.
    test('of a job that had begun, whose id is another one’s now, lets that one go on, whatever it is answered', async (context) => {
      await using world = await open();
      if (!world.reuseId) return context.skip('its ids are never reused');
      const { job } = await start(world, newTag('of the forgotten'));
      await world.reach(job, 'running');
      await world.reuseId(job);
      await world.provider.cancelJob(job);
      expect(await inWorld(world, job)).toMatchObject({ isOver: false });
    });
  });
}

async function at(world: World, state: StartingState) {
  if (state === 'held') return submit(world);
  const started = await start(world);
  await world.reach(started.job, state);
  return started;
}

/** Of the same form, and never given out. */
const noSuchJob = ({ id }: JobRef) => bareRef(/^\d+$/.test(id) ? String(Number(id) + 1_000_000) : `${id}0`);

/** Another job than the id shows, by whatever tells jobs of one id apart (isSameJob); null where nothing does. */
function another(job: JobRef): JobRef | null {
  if (job.name !== null) return { ...job, name: otherThan(job.name) };
  return job.incarnation === null ? null : { ...job, incarnation: otherThan(job.incarnation) };
}

const otherThan = (text: string) => `${text.slice(0, -1)}${text.endsWith('0') ? '1' : '0'}`;
