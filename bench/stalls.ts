// How long a process lets others wait: the slowest answer of the one request that does no work, asked for all the time.
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, requestOf } from './http-load.ts';

const PAUSE_MS = 5;

/** Asks until told to stop. @returns the longest that an answer took, in milliseconds */
export function watchStalls(url: string): () => Promise<number> {
  let goesOn = true;
  const connection = new Connection(url);
  const request = requestOf('GET', '/healthz');
  const watching = (async () => {
    let longest = 0;
    while (goesOn) {
      const asked = performance.now();
      await connection.ask(request);
      longest = Math.max(longest, performance.now() - asked);
      await sleep(PAUSE_MS);
    }
    connection.close();
    return Math.round(longest);
  })();
  watching.catch(() => {});
  return () => {
    goesOn = false;
    return watching;
  };
}
