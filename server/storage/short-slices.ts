// Pieces of a long list, each so large that working on it takes a short while, however fast the machine is.

/** As long as anybody else who comes by may have to wait. */
const GOAL_MS = 25;
const FIRST = 50;
const MOST = 1000;
/** Of texts, in characters. */
const LARGEST = 256 * 1024;

/** The time between one piece and the asking for the next is taken for what the piece took. */
export async function* shortSlices<T extends { prompt_text: string; sql: string }>(
  items: readonly T[],
): AsyncGenerator<T[]> {
  let rows = FIRST;
  for (let start = 0; start < items.length; ) {
    const slice = begin(items, start, rows);
    const began = performance.now();
    yield slice;
    const took = performance.now() - began;
    rows = Math.min(MOST, Math.max(1, Math.round(slice.length * Math.min(2, GOAL_MS / took))));
    start += slice.length;
  }
}

function begin<T extends { prompt_text: string; sql: string }>(items: readonly T[], start: number, rows: number): T[] {
  const slice: T[] = [];
  let size = 0;
  for (const item of items.slice(start, start + rows)) {
    size += item.prompt_text.length + item.sql.length;
    if (slice.length > 0 && size > LARGEST) break;
    slice.push(item);
  }
  return slice;
}
