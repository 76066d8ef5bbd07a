// Reads a provider's list to its end, within bounds. What is found on the way counts, whatever becomes of the rest.
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import type { Listing, Outcome } from '../../finetuning/provider.ts';
import { attempt, type Host } from './classify.ts';
import { pageReply } from './replies.ts';

/** The most a page holds. */
export const PAGE = 100;
/** Of one look-up: a hundred thousand entries, however many a page holds, and four minutes, in which it may pause for almost two. */
const MOST_PAGES = 1000;
const MOST_ENTRIES = MOST_PAGES * PAGE;
const LONGEST_MS = 240_000;
/** In characters, all pages together: what is kept of a list cannot be more. */
const MOST_TEXT = 150_000_000;
/** A run may wait for the first pages. A list that goes on is asked for no more often than a provider likes to be asked. */
const PAGES_AT_ONCE = 10;
const PACE_MS = 100;
/** After so many entries it is somebody else's turn. */
const TURN = 200;

/**
 * What the list showed, or where nothing wanted was found and a page could not be had, the failure.
 * @param fetchPage the JSON of the page that follows the entry of that id
 * @param isEnough asked after each page; then the rest is not read
 */
export async function listAll<T extends { id: string }>(
  host: Host,
  fetchPage: (after: string | undefined) => Promise<string>,
  item: z.ZodType<T>,
  isWanted: (item: T) => boolean,
  isEnough: (found: readonly T[]) => boolean = () => false,
): Promise<Outcome<Listing<T>>> {
  const started = performance.now();
  const seen = new Set<string>();
  const found: T[] = [];
  const ended = (incomplete: string | null) => ({ kind: 'done', value: { found, incomplete } }) as const;
  let last: string | undefined;
  let odd = false;
  let entries = 0;
  let length = 0;
  const nextPage = async (): Promise<unknown> => {
    const text = await fetchPage(last);
    length += text.length;
    return JSON.parse(text);
  };

  let asked = started;
  for (let page = 0; page < MOST_PAGES; page++) {
    if (page >= PAGES_AT_ONCE) await sleep(Math.max(0, asked + PACE_MS - performance.now()));
    asked = performance.now();
    const fetched = await attempt(host, nextPage, pageReply);
    if (fetched.kind !== 'done') {
      if (found.length === 0) return fetched;
      return ended(fetched.kind === 'unknown' ? fetched.reason : fetched.refusal.message);
    }
    const { data, has_more } = fetched.value;
    const before = seen.size;
    for (const entry of data) {
      if (++entries % TURN === 0) await setImmediate();
      if (entries > MOST_ENTRIES) break;
      const parsed = item.safeParse(entry);
      odd ||= !parsed.success;
      if (!parsed.success) continue;
      if (isWanted(parsed.data)) found.push(parsed.data);
      seen.add(parsed.data.id);
      last = parsed.data.id;
    }
    // What was left out of it may be what is wanted.
    if (entries > MOST_ENTRIES) break;
    const isNew = seen.size > before;
    // One that does not say whether there is more is asked for it. A short list that goes on as it began does not page.
    const isSilentEnd = has_more == null && (data.length === 0 || (!isNew && data.length < PAGE));
    if (has_more === false || isSilentEnd) return ended(odd ? 'it holds an entry without an id' : null);
    if (isEnough(found)) return ended('no more of it was wanted');
    // It would go round for ever.
    if (!isNew) return ended('it says that there is more, and a further page brings nothing new');
    if (performance.now() - started > LONGEST_MS) return ended(`after ${seen.size} entries it had not ended in time`);
    if (length > MOST_TEXT) break;
  }
  return ended(`after ${seen.size} entries it had not ended`);
}
