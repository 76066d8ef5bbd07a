// Waiting for a condition, with a deadline; the tests never wait for time to pass.
import { setTimeout as sleep } from 'node:timers/promises';

const DEADLINE_MS = 20_000;

/** Asks until there is an answer that is neither null nor false. @throws Error naming what never came */
export async function until<T>(
  ask: () => Promise<T | null | false> | T | null | false,
  what: string,
  deadline_ms = DEADLINE_MS,
): Promise<T> {
  const deadline = performance.now() + deadline_ms;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`it never came to be that ${what}`);
    await sleep(10);
  }
}
