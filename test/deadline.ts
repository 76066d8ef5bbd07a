// Deadlines for what never ends. What is only slow meets none: they count the time in which this process was running,
// not the time in which it waited for a processor.

const TICK_MS = 1000;
/** Many times what anything here takes on a machine that is busy with other things. */
const DEADLINE_MS = Number(process.env['TEST_DEADLINE_MS'] ?? 300_000);

/**
 * What the promise brings. `what` must become true for it, in words.
 * @throws Error naming what never came
 */
export async function within<T>(
  promise: PromiseLike<T>,
  what: string | (() => string),
  deadline_ms = DEADLINE_MS,
): Promise<T> {
  const over = Promise.withResolvers<never>();
  let left = deadline_ms;
  // A starved process ticks more seldom, and each tick counts once, however late it comes.
  const ticking = setInterval(() => {
    left -= TICK_MS;
    if (left > 0) return;
    const never = typeof what === 'string' ? what : what();
    over.reject(new Error(`it never came to be that ${never}, in ${deadline_ms / 1000} s`));
  }, TICK_MS);
  try {
    return await Promise.race([promise, over.promise]);
  } finally {
    clearInterval(ticking);
  }
}
