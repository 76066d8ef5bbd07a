// Runs a task again and again with a pause before each round, until stopped. A failure is logged and does not end it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../finetuning/dependencies.ts';

/** Disposing of it waits for the round that is under way. */
export function every(pause_ms: number, name: string, task: () => Promise<void>, log: Log): AsyncDisposable {
  const stopping = new AbortController();
  const rounds = (async () => {
    for (;;) {
      await sleep(pause_ms, undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      await task().catch((error: unknown) => log.error({ err: error, task: name }, `${name} failed; it tries again`));
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await rounds;
    },
  };
}
