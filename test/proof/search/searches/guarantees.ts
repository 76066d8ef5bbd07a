// What else a provider guarantees, or does not: by what its jobs are known and fenced, and when a cancel takes effect.
import { forgetful, plain } from '../protocol.ts';
import type { Engine } from '../world.ts';
import type { Searches } from './search.ts';

const unfenced: Engine = { ...plain, fence: 'none' };
/** A create that is delivered twice makes one job. */
const byName: Engine = { ...plain, named: true };
/** A cancel is answered, and takes effect later; until then the job may finish, or may not. */
const cancelling = (engine: Engine, may_finish_anyway: boolean): Engine => ({
  ...engine,
  cancels: { asynchronous: true, may_finish_anyway },
});
/** All that a job shows of ours: what a host keeps of the tag, or the file where that is lost. */
const showing = (shows: 'tag' | 'file'): Engine => ({ ...plain, shows });

export const ofGuarantees: Searches = {
  small: [
    {
      named: 'a cancel that takes effect later, a lie, a cancel at the provider',
      workers: 1,
      mishaps: { outside: 1, lie: 1 },
      engine: cancelling(plain, true),
    },
    { named: 'jobs that nothing fences, no answer', workers: 1, mishaps: { timeout: 1 }, engine: unfenced },
    { named: 'jobs that we name, a create that comes twice', workers: 1, mishaps: { repeat: 1 }, engine: byName },
    { named: 'jobs that show their file alone, a crash', workers: 1, mishaps: { crash: 1 }, engine: showing('file') },
  ],
  proof: [
    {
      named: 'an engine that forgets, a cancel that takes effect later',
      workers: 1,
      mishaps: { rollback: 1 },
      engine: cancelling(forgetful, false),
    },
    {
      named: 'a cancel that takes effect later, a job that finishes all the same, no answer',
      workers: 1,
      mishaps: { timeout: 1 },
      engine: cancelling(plain, true),
    },
    {
      named: 'a cancel that takes effect later, whatever happens, two workers',
      workers: 2,
      mishaps: { crash: 1 },
      engine: cancelling(plain, false),
    },
    {
      named: 'jobs that nothing fences, a lagging list, no answer',
      workers: 1,
      mishaps: { lag: 1, timeout: 1 },
      engine: unfenced,
    },
    {
      named: 'jobs that we name, a create that comes twice, no answer',
      workers: 1,
      mishaps: { repeat: 1, timeout: 1 },
      engine: byName,
    },
    {
      named: 'jobs that show their file alone, a long validation, no answer',
      workers: 1,
      mishaps: { slow: 1, timeout: 1 },
      engine: showing('file'),
    },
    {
      named: 'jobs that show their tag alone, a list cut short, no answer',
      workers: 1,
      mishaps: { cut: 1, timeout: 1 },
      engine: showing('tag'),
    },
  ],
  deep: [
    {
      named: 'an engine that forgets, no answer, a cancel that takes effect later',
      workers: 1,
      mishaps: { save: 1, rollback: 1, timeout: 1 },
      engine: cancelling(forgetful, true),
    },
    {
      named: 'jobs that nothing fences, a lagging list, no answer',
      workers: 2,
      mishaps: { lag: 1, timeout: 1 },
      engine: unfenced,
    },
    {
      named: 'jobs that we name, a create that comes twice, no answer',
      workers: 2,
      mishaps: { repeat: 1, timeout: 1 },
      engine: byName,
    },
  ],
};
