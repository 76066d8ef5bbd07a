// A provider's list as it is read: whose looks it spares meanwhile, and when the next one begins. Pure; moments are of
// the monotonic clock of the process that reads it, in milliseconds.
import type { DueRun } from './following.ts';

/** From the beginning of one list to that of the next. The sweep comes a little later, and pages do not come evenly. */
const PERIOD = 0.8;
/** At the least from the end of one to the beginning of the next. */
const PAUSE = 0.1;
/** From one that could not be had to the next: until then each run is looked at by itself. */
const AFTER_FAILURE = 5;
/** A list of which no page has come for so long spares no look any more, */
const LONGEST_SILENCE = 1;
/** and none does that takes so long in all. */
const LONGEST = 4;
/** Of the time that it has taken: what comes due meanwhile is put off for as long again. */
const FURTHER = 0.25;

export type JobList = {
  began: number;
  /** When something of it came last. */
  heard: number;
  /** Before this moment no other is read. */
  next: number;
  /** `none`: it is not being read, and could not be had. */
  state: 'reading' | 'shown' | 'none';
  /** The runs that were put off for it, with when each was asked about before. One that was since is none of its any more. */
  followed: ReadonlyMap<string, DueRun['asked_at']>;
  /** Handed on to be looked at alone, with when each was asked about before: until that changes, no list is in the way. */
  handed: Map<string, DueRun['asked_at']>;
};

/** How far all that it is to show is put off when it begins: until the next one. */
export const putOff = (interval: number) => PERIOD * interval;

export const newList = (now: number, interval: number, handed: JobList['handed'] = new Map()): JobList => ({
  began: now,
  heard: now,
  next: now + putOff(interval),
  state: 'none',
  followed: new Map(),
  handed,
});

export function ended(list: JobList, isShown: boolean, now: number, interval: number): void {
  list.state = isShown ? 'shown' : 'none';
  list.next = isShown ? Math.max(list.next, now + PAUSE * interval) : now + AFTER_FAILURE * interval;
}

export const mayBegin = (list: JobList, now: number) => list.state !== 'reading' && now >= list.next;

export const isHanded = (list: JobList | undefined, { id, asked_at }: Pick<DueRun, 'id' | 'asked_at'>) =>
  list?.handed.has(id) === true && list.handed.get(id) === asked_at;

/** Whether the look that the run is due for is left to the list: it shows the run, or has just shown it. */
export function spares(list: JobList, run: Pick<DueRun, 'id' | 'asked_at'>, now: number, interval: number): boolean {
  if (list.followed.get(run.id) !== run.asked_at || isHanded(list, run)) return false;
  switch (list.state) {
    case 'reading':
      return now - list.heard < LONGEST_SILENCE * interval && now - list.began < LONGEST * interval;
    case 'shown':
      return now < list.next;
    case 'none':
      return false;
    default:
      return list.state satisfies never;
  }
}

/** What is left to a list is not left due, since a sweep finds no more than so many: it is put off, more seldom the longer it takes. */
export const putOffFurther = (list: JobList, now: number) => FURTHER * (now - list.began);
