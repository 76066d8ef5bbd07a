// Gathers what is said while the last of it is being sent: however much there is, it is a few statements a second.
import { setTimeout as sleep } from 'node:timers/promises';

/** Long enough for a burst to become one, far below what anybody notices. */
const PAUSE_MS = 10;

export type Gathered = AsyncDisposable & { say(id: string): void };

/** What cannot be sent is dropped: it is for hints, on which nothing depends. Disposing of it waits for what is under way, and drops the rest. */
export function gathered(send: (ids: readonly string[]) => Promise<unknown>): Gathered {
  const said = new Set<string>();
  let sending: Promise<void> | null = null;

  async function sendAll(): Promise<void> {
    while (said.size > 0) {
      const ids = [...said];
      said.clear();
      await send(ids).catch(() => {});
      await sleep(PAUSE_MS);
    }
    sending = null;
  }

  return {
    say(id) {
      said.add(id);
      sending ??= sendAll();
    },
    async [Symbol.asyncDispose]() {
      said.clear();
      await sending;
    },
  };
}
