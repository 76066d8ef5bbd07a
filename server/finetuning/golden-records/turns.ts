// Who is next, where many want one thing: whoever has used least of it so far, so that few are not behind many.

/** One who wants turns, and what they have taken so far, by whatever measure. */
export type User = { used_ms: number };

export type Turns = {
  /** One at a time. What it returns or throws is passed on. */
  take<T>(user: User, work: () => Promise<T>): Promise<T>;
};

export function createTurns(): Turns {
  const waiting: { user: User; begin: () => Promise<void> }[] = [];
  let isTaken = false;

  async function next(): Promise<void> {
    if (isTaken) return;
    const least = Math.min(...waiting.map(({ user }) => user.used_ms));
    const [chosen] = waiting.splice(
      waiting.findIndex(({ user }) => user.used_ms === least),
      1,
    );
    if (!chosen) return;
    isTaken = true;
    await chosen.begin();
    isTaken = false;
    void next();
  }

  return {
    take<T>(user: User, work: () => Promise<T>) {
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      waiting.push({
        user,
        begin: async () => {
          await work().then(resolve, reject);
        },
      });
      void next();
      return promise;
    },
  };
}
