// What becomes of requests, and of who sends them.
import type { Searches } from './search.ts';

export const ofRequests: Searches = {
  small: [
    { named: 'a lie, no answer', workers: 1, mishaps: { lie: 1, timeout: 1 } },
    { named: 'refusal, garbage, oblivion', workers: 1, mishaps: { refusal: 1, unreadable: 1, forget: 1 } },
    { named: 'a cancel at the provider, a crash', workers: 1, mishaps: { outside: 1, crash: 1 } },
    { named: 'a request without an answer', workers: 2, mishaps: { timeout: 1 } },
  ],
  proof: [
    { named: 'a request without an answer and a crash', workers: 2, mishaps: { timeout: 1, crash: 1 } },
    { named: 'a worker that stalls, a request without an answer', workers: 2, mishaps: { stall: 1, timeout: 1 } },
    { named: 'a stalled worker, a repeat', workers: 2, mishaps: { stall: 1, repeat: 1 } },
    { named: 'refusal, garbage, oblivion', workers: 2, mishaps: { refusal: 1, unreadable: 1, forget: 1 } },
    {
      named: 'a thing denied, no answer, a round of the janitor',
      workers: 2,
      mishaps: { denial: 1, timeout: 1, sweep: 1 },
    },
    { named: 'three workers and a request without an answer', workers: 3, mishaps: { timeout: 1 } },
  ],
  // Each request without an answer costs one attempt: two of them reach the third.
  deep: [
    { named: 'three workers, three attempts', workers: 3, mishaps: { timeout: 2 } },
    { named: 'three workers, three attempts, a lie, a repeat', workers: 3, mishaps: { timeout: 2, lie: 1, repeat: 1 } },
    { named: 'three workers, a crash, no answer, a lie', workers: 3, mishaps: { timeout: 1, crash: 1, lie: 1 } },
    { named: 'all attempts, two workers, crash and stall', workers: 2, mishaps: { timeout: 1, crash: 1, stall: 1 } },
    { named: 'three workers, a thing denied, no answer', workers: 3, mishaps: { denial: 1, timeout: 1 } },
    {
      named: 'a thing denied, no answer, rounds of the janitor, a cancel at the provider',
      workers: 2,
      mishaps: { denial: 1, timeout: 1, sweep: 2, outside: 1 },
    },
    {
      named: 'refusals, garbage, oblivion, no answer',
      workers: 2,
      mishaps: { refusal: 2, unreadable: 1, forget: 1, timeout: 1 },
    },
  ],
};
