// What an engine does that lets jobs wait for their release, or forgets what it has acknowledged.
import { forgetful, plain } from '../protocol.ts';
import type { Engine } from '../world.ts';
import type { Searches } from './search.ts';

const held: Engine = { ...plain, start: 'held' };

export const ofEngines: Searches = {
  small: [
    { named: 'jobs that wait for their release, a refusal', workers: 1, mishaps: { refusal: 1 }, engine: held },
    {
      named: 'an engine that forgets what it had not saved',
      workers: 1,
      mishaps: { save: 1, rollback: 1 },
      engine: forgetful,
    },
  ],
  proof: [
    { named: 'jobs that wait for their release, no answer', workers: 2, mishaps: { timeout: 1 }, engine: held },
    {
      named: 'an engine that forgets what it had not saved, ids given out again',
      workers: 1,
      mishaps: { save: 1, rollback: 1, stranger: 1 },
      engine: forgetful,
    },
    { named: 'an engine that forgets, no answer', workers: 1, mishaps: { rollback: 1, timeout: 1 }, engine: forgetful },
    { named: 'an engine that forgets, two workers', workers: 2, mishaps: { rollback: 1 }, engine: forgetful },
    {
      named: 'an engine that forgets, a thing denied',
      workers: 1,
      mishaps: { rollback: 1, denial: 1 },
      engine: forgetful,
    },
    {
      named: 'an engine that forgets, a cancel at the provider',
      workers: 1,
      mishaps: { save: 1, rollback: 1, outside: 1 },
      engine: forgetful,
    },
    {
      named: 'an engine that forgets, a round of the janitor',
      workers: 1,
      mishaps: { save: 1, rollback: 1, sweep: 1 },
      engine: forgetful,
    },
    { named: 'an engine that forgets, and forgets again', workers: 1, mishaps: { rollback: 2 }, engine: forgetful },
  ],
  deep: [
    {
      named: 'jobs that wait for their release, no answer, a crash',
      workers: 2,
      mishaps: { timeout: 1, crash: 1 },
      engine: held,
    },
    { named: 'an engine that forgets twice', workers: 1, mishaps: { save: 1, rollback: 2 }, engine: forgetful },
    {
      named: 'an engine that forgets, no answer, two workers, ids given out again',
      workers: 2,
      mishaps: { save: 1, rollback: 1, stranger: 1, timeout: 1 },
      engine: forgetful,
    },
    {
      named: 'an engine that forgets twice, a crash, a lagging list',
      workers: 1,
      mishaps: { save: 2, rollback: 2, crash: 1, lag: 1 },
      engine: forgetful,
    },
  ],
};
