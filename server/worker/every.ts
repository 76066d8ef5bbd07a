// Runs a task again and again with a pause before each round, until stopped. A failure is logged and does not end it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../finetuning/dependencies.ts';

export type Rounds = AsyncDisposable & {
  /** How long ago a round ended well; at first, how long ago it began to make them. */
  sinceDone_ms(): number;
};

/** Disposing of it waits for the round that is under way. */
export function every(pause_ms: number, name: string, task: () => Promise<void>, log: Log): Rounds {
  let done = performance.now();
  const stopping = new AbortController();
  const rounds = (async () => {
    for (;;) {
      await sleep(pause_ms, undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      await task().then(
        () => {
          done = performance.now();
        },
        (error: unknown) => log.error({ err: error, task: name }, `${name} failed; it tries again`),
      );
    }
  })();
  return {
    sinceDone_ms: () => performance.now() - done,
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await rounds;
    },
  };
}
