// Who is next, where many want one thing: whoever has had least of it since they came, so that few are not behind many.

/** One who wants turns, and what they have taken so far, by whatever measure. */
export type User = { used_ms: number };

export type Turns = {
  /** One at a time. What it returns or throws is passed on. */
  take<T>(user: User, work: () => Promise<T>): Promise<T>;
};

/** About what a turn takes. */
const TURN_MS = 100;

export function createTurns(): Turns {
  const waiting: { user: User; begin: () => Promise<void> }[] = [];
  /** What each is taken to have had before it came: as much as the others, so that it does not go before them for long. */
  const before = new WeakMap<User, number>();
  const had = (user: User) => (before.get(user) ?? 0) + user.used_ms;
  const least = () => Math.min(...waiting.map(({ user }) => had(user)));
  /** Of whoever is having a turn, or had the last one: what they had had when it began. */
  let latest = 0;
  let isTaken = false;

  /** A turn behind the next, where some wait: otherwise ever more who come would all be before one who has had more. */
  function join(user: User): void {
    if (before.has(user)) return;
    const level = waiting.length > 0 ? least() + TURN_MS : latest;
    before.set(user, Math.max(0, level - user.used_ms));
  }

  async function next(): Promise<void> {
    if (isTaken) return;
    const fewest = least();
    const [chosen] = waiting.splice(
      waiting.findIndex(({ user }) => had(user) === fewest),
      1,
    );
    if (!chosen) return;
    latest = fewest;
    isTaken = true;
    await chosen.begin();
    isTaken = false;
    void next();
  }

  return {
    take<T>(user: User, work: () => Promise<T>) {
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      join(user);
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
