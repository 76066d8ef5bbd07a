// All that a list holds, a page at a time, as an async iterable.
import type { CallOptions, Query } from './calls.ts';

/** What is held by a list: the next page begins after the last id. */
type Listed = { id: string | number };

export interface EachOptions extends CallOptions {
  /** How many are asked for at once, 1 to 1000. Default 100. */
  pageSize?: number;
}

/** What a list filters by; how long a page is, and which one comes next, is seen to. */
type Filters<Input> = Omit<NonNullable<Input>, 'limit' | 'page'>;
type Given<Input> =
  Record<never, never> extends Filters<Input>
    ? [filters?: Filters<Input>, options?: EachOptions]
    : [filters: Filters<Input>, options?: EachOptions];

/**
 * All that a list holds, in the order of the list, each once. A page is asked for when the one before is used up, so a
 * loop that is left early asks for no more. What is created meanwhile may be left out.
 *
 * @param list a procedure that answers a page at a time: `finetunings.list`, `finetunings.events`,
 * `goldenRecords.list`, `dbConnections.list`, `keys.list`, `audit.list`.
 * @param filters as the procedure takes them; `after` begins there.
 * @param options for each request; `signal` ends the iteration with its reason.
 * @throws what the procedure throws, GoldtuneError among it; what was yielded before stays valid.
 * @example
 * for await (const run of each(goldtune.finetunings.list, { status: 'running' })) console.log(run.id, run.alias);
 */
export function each<Input extends { after?: Item['id'] } | undefined, Item extends Listed>(
  list: Query<Input, Item[]>,
  ...given: Given<Input>
): AsyncGenerator<Item, void>;
// What is asked for is put together here, which the types of any one list cannot follow.
export async function* each(
  list: { query(input: object, options: CallOptions): Promise<Listed[]> },
  filters: object = {},
  { pageSize = 100, ...options }: EachOptions = {},
): AsyncGenerator<Listed, void> {
  let begin: { after?: Listed['id'] } = {};
  for (;;) {
    const page = await list.query({ ...filters, ...begin, limit: pageSize }, options);
    for (const item of page) {
      options.signal?.throwIfAborted();
      yield item;
    }
    // A short page may have ended early, for want of space.
    const last = page.at(-1);
    if (!last) return;
    begin = { after: last.id };
  }
}
