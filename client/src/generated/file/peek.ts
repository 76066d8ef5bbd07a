// Generated from the server by `npm run generate`; not edited by hand.
// The beginning of a stream, which is read again with the rest.

/** @returns at least `enough` of it, or all where it is shorter. */
export async function peeked<T extends { length: number }>(
  stream: AsyncIterable<T>,
  enough: number,
): Promise<{ head: T[]; all: AsyncIterable<T> }> {
  const rest = stream[Symbol.asyncIterator]();
  const head: T[] = [];
  let length = 0;
  let more = true;
  while (more && length < enough) {
    const next = await rest.next();
    more = next.done !== true;
    if (next.done === true) break;
    head.push(next.value);
    length += next.value.length;
  }
  async function* all() {
    try {
      yield* head;
      while (more) {
        const next = await rest.next();
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await rest.return?.();
    }
  }
  return { head, all: all() };
}
