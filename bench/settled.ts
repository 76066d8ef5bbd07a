// A figure of a process once it does nothing any more: its memory falls for a while after its work.
import { setTimeout as sleep } from 'node:timers/promises';

/** The engine gives back what it had taken for work some ten seconds after it. */
const LOOKS = 60;
const PAUSE_MS = 500;

/** The least that it takes within half a minute, in bytes. */
export async function atRest(memory: () => Promise<number>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let look = 0; look < LOOKS; look++) {
    least = Math.min(least, await memory());
    await sleep(PAUSE_MS);
  }
  return least;
}
