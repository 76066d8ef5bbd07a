// Reads a provider's list to its end, within bounds. What is found on the way counts, whatever becomes of the rest.
import type { z } from 'zod';
import type { Listing, Outcome } from '../../finetuning/provider.ts';
import { attempt } from './classify.ts';
import { pageReply } from './replies.ts';

/** The most a page holds. */
export const PAGE = 100;
/** Of one look-up: a hundred thousand entries, two minutes. */
const MOST_PAGES = 1000;
const LONGEST_MS = 120_000;

/** What the list showed, or where nothing wanted was found and a page could not be had, the failure. */
export async function listAll<T extends { id: string }>(
  fetchPage: (after: string | undefined) => Promise<unknown>,
  item: z.ZodType<T>,
  isWanted: (item: T) => boolean,
): Promise<Outcome<Listing<T>>> {
  const started = performance.now();
  const seen = new Set<string>();
  const found: T[] = [];
  const ended = (incomplete: string | null) => ({ kind: 'done', value: { found, incomplete } }) as const;
  let last: string | undefined;
  let odd = false;

  for (let page = 0; page < MOST_PAGES; page++) {
    const fetched = await attempt(() => fetchPage(last), pageReply);
    if (fetched.kind !== 'done') {
      if (found.length === 0) return fetched;
      return ended(fetched.kind === 'unknown' ? fetched.reason : fetched.refusal.message);
    }
    const { data, has_more } = fetched.value;
    const before = seen.size;
    for (const entry of data) {
      const parsed = item.safeParse(entry);
      odd ||= !parsed.success;
      if (!parsed.success) continue;
      if (isWanted(parsed.data)) found.push(parsed.data);
      seen.add(parsed.data.id);
      last = parsed.data.id;
    }
    const isNew = seen.size > before;
    // One that does not say whether there is more is asked for it. A short list that goes on as it began does not page.
    const isSilentEnd = has_more == null && (data.length === 0 || (!isNew && data.length < PAGE));
    if (has_more === false || isSilentEnd) return ended(odd ? 'it holds an entry without an id' : null);
    // It would go round for ever.
    if (!isNew) return ended('it says that there is more, and a further page brings nothing new');
    if (performance.now() - started > LONGEST_MS) return ended(`after ${seen.size} entries it had not ended in time`);
  }
  return ended(`after ${seen.size} entries it had not ended`);
}
