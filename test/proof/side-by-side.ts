// Many cases at once, without starting all of them at once.

/** Runs the cases, so many at a time; says which of them failed, and why. */
export async function sideBySide<T>(
  cases: readonly T[],
  atOnce: number,
  run: (one: T, index: number) => Promise<void>,
): Promise<string[]> {
  const failures: string[] = [];
  const left = cases.entries();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const [index, one] of left) await run(one, index).catch((error: unknown) => failures.push(String(error)));
    }),
  );
  return failures;
}
