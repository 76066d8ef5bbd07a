// So many at once and no more; the rest waits for its turn, so that others come in between.

export function atMost(most: number): <T>(run: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (run) => {
    if (running < most) running += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await run();
    } finally {
      // The place goes on to whoever has waited longest.
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
