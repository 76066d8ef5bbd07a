// Long work says how far it is and how long it will go on, once a minute.
const EVERY_MS = 60_000;
const MINUTE_MS = 60_000;

/** To be called after each part. `parts` is what they are called, as in "cells". */
export function progressOf(suite: string, total: number, parts: string): () => void {
  const started = Date.now();
  let said = started;
  let done = 0;
  return () => {
    done += 1;
    const now = Date.now();
    if (done === total || now - said < EVERY_MS) return;
    said = now;
    const left = ((now - started) / done) * (total - done);
    console.log(`${suite}: ${done} of ${total} ${parts}, about ${Math.ceil(left / MINUTE_MS)} min to go`);
  };
}
