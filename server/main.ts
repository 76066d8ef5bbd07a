// The entry: hears the signals to stop from the first moment on, and starts the rest.
// The rest is loaded only then: a SIGTERM that comes while it loads is heard too.
import { entry } from './bundle.ts';

const stopping = new AbortController();
/** npm passes a Ctrl-C on to us that the terminal has sent us already: that is asking once. */
const ONCE_MS = 1000;
let askedAt = 0;

function stop(): void {
  if (!stopping.signal.aborted) {
    askedAt = performance.now();
    stopping.abort();
  } else if (performance.now() - askedAt > ONCE_MS) {
    // Asked again, it waits for nothing.
    process.exit(1);
  }
}
process.on('SIGTERM', stop);
process.on('SIGINT', stop);

try {
  const { run }: typeof import('./run.ts') = await import(await entry());
  await run(process.env, stopping.signal);
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
