// Waiting for a condition; the tests never wait for time to pass.
import { setTimeout as sleep } from 'node:timers/promises';
import { within } from './deadline.ts';

const SHORTEST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 100;
/** What is waited for long is looked for less often: a look costs the processor that it waits for. */
const PAUSE_OF_WAITED = 0.25;

/** Asks until there is an answer that is neither null nor false. @throws Error naming what never came */
export async function until<T>(
  ask: () => Promise<T | null | false> | T | null | false,
  what: string | (() => string),
): Promise<T> {
  let abandoned = false;
  const look = async (): Promise<T> => {
    const started = performance.now();
    for (;;) {
      const answer = await ask();
      if (answer !== null && answer !== false) return answer;
      if (abandoned) throw new Error('nobody waits for it any more');
      const waited = performance.now() - started;
      await sleep(Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, waited * PAUSE_OF_WAITED)));
    }
  };
  try {
    return await within(look(), what);
  } finally {
    abandoned = true;
  }
}
