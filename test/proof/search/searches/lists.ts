// What the provider shows late, in part or otherwise, and by which clock it is judged.
import type { Searches } from './search.ts';

export const ofLists: Searches = {
  small: [
    { named: 'clocks that step, a lagging list', workers: 1, mishaps: { clock: 1, lag: 1 } },
    { named: 'a list cut short, an id of a gateway’s own', workers: 1, mishaps: { cut: 1, alias: 1 } },
    { named: 'a list cut short, no answer', workers: 1, mishaps: { cut: 1, timeout: 1 } },
    { named: 'a job that is long validated, a lie', workers: 1, mishaps: { slow: 1, lie: 1 } },
  ],
  proof: [
    { named: 'a lagging list, a stalled worker', workers: 2, mishaps: { stall: 1, lag: 1 } },
    { named: 'a lie, a lagging list, no answer', workers: 2, mishaps: { lie: 1, lag: 1, timeout: 1 } },
    {
      named: 'a cancel at the provider, a crash, a lagging list',
      workers: 2,
      mishaps: { outside: 1, crash: 1, lag: 1 },
    },
    { named: 'clocks that step, no answer', workers: 2, mishaps: { clock: 1, timeout: 1 } },
    { named: 'clocks that step, a lagging list', workers: 2, mishaps: { clock: 1, lag: 1 } },
    { named: 'clocks that step, a lagging list, no answer', workers: 1, mishaps: { clock: 1, lag: 1, timeout: 1 } },
    { named: 'a list cut short, an id of a gateway’s own', workers: 2, mishaps: { cut: 1, alias: 1, timeout: 1 } },
    {
      named: 'a job that is long validated, a lagging list, no answer',
      workers: 1,
      mishaps: { slow: 1, lag: 1, timeout: 1 },
    },
  ],
  deep: [
    { named: 'three workers, a stall, a lagging list', workers: 3, mishaps: { stall: 1, lag: 1, lie: 1 } },
    { named: 'a stall, no answer, a lagging list', workers: 2, mishaps: { stall: 1, timeout: 1, lag: 1 } },
    {
      named: 'two requests without an answer, a lagging list, a cancel at the provider',
      workers: 2,
      mishaps: { timeout: 2, lag: 1, outside: 1 },
    },
    { named: 'clocks that step, a lagging list, no answer', workers: 2, mishaps: { clock: 1, lag: 1, timeout: 1 } },
    { named: 'a lagging list, a stalled worker, a repeat', workers: 2, mishaps: { stall: 1, lag: 1, repeat: 1 } },
    {
      named: 'long imports and validations, a lagging list, no answer',
      workers: 2,
      mishaps: { slow: 1, lag: 1, timeout: 1 },
    },
    {
      named: 'a list cut short, ids of a gateway’s own, a lagging list',
      workers: 2,
      mishaps: { cut: 1, alias: 1, lag: 1, timeout: 1 },
    },
  ],
};
