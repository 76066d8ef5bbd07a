// A request or its answer is lost: the outcome is unknown, nothing is sent twice, and a look tells what has become of it.
import { describe, expect, test } from 'vitest';
import { done, inWorld, newTag, requestFor, shownOver, start, submit, upload } from './request.ts';
import type { Subject } from './world.ts';

const EITHER = ['request', 'answer'] as const;
const UNKNOWN = { kind: 'unknown', reason: expect.any(String) };

export function lostAnswers({ guarantees, states, open }: Subject): void {
  describe('a lost', () => {
    test.for(EITHER)('%s of a create is unknown, and the search shows at most one job', async (what, context) => {
      await using world = await open();
      const tag = newTag();
      const file = done(await upload(world, tag));
      if (!(await world.lose?.('createJob', what))) return context.skip('nothing can be lost there');
      expect(await world.provider.createJob(requestFor(world, file.id, tag))).toMatchObject(UNKNOWN);
      const search = { finetuning: tag.goldtune_finetuning, attempt: 1, file_ids: [file.id] };
      expect(done(await world.provider.findJobs(search)).found).toHaveLength(what === 'answer' ? 1 : 0);
    });

    test.for(EITHER)('%s of a cancel is unknown, and the job is shown as it is', async (what, context) => {
      await using world = await open();
      const { job } = await start(world);
      if (states.includes('running')) await world.reach(job, 'running');
      if (!(await world.lose?.('cancelJob', what))) return context.skip('nothing can be lost there');
      expect(await world.provider.cancelJob(job)).toMatchObject(UNKNOWN);
      // Where the fence goes with it, the job ends by that alone.
      if (what === 'answer' || guarantees.stop === 'fence_then_cancel')
        expect(await shownOver(world, job)).toMatchObject({ phase: 'cancelled' });
      else expect(await inWorld(world, job)).toMatchObject({ isOver: false });
    });

    test.skipIf(guarantees.start !== 'held').for(EITHER)(
      '%s of a release is unknown, and the job is shown as held, or as let begin',
      async (what, context) => {
        await using world = await open();
        const { job } = await submit(world);
        if (!(await world.lose?.('releaseJob', what))) return context.skip('nothing can be lost there');
        expect(await world.provider.releaseJob?.(job)).toMatchObject(UNKNOWN);
        expect(done(await world.provider.getJob(job)).held).toBe(what === 'request');
      },
    );

    test.for(EITHER)(
      '%s of a delete is unknown, and the list shows whether the file is there',
      async (what, context) => {
        await using world = await open();
        const file = done(await upload(world, newTag()));
        if (!(await world.lose?.('deleteFile', what))) return context.skip('nothing can be lost there');
        expect(await world.provider.deleteFile(file.id)).toMatchObject(UNKNOWN);
        const shown = done(await world.provider.listFiles()).found.some(({ id }) => id === file.id);
        expect(shown).toBe(what === 'request');
        expect(await world.files()).toEqual(
          shown ? expect.arrayContaining([file.id]) : expect.not.arrayContaining([file.id]),
        );
      },
    );
  });
}
