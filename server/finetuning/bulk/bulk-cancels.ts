// A bulk cancel is begun: what it takes in is kept first, and from then on is stopped whatever happens to this process.
import { createHash } from 'node:crypto';
import type { Dependencies } from '../dependencies.ts';
import { DomainError, invalid, notFound } from '../errors.ts';
import { newId } from '../object-id.ts';
import type { Page } from '../paging.ts';
import { actorOf, type Principal } from '../principal.ts';
import type { BulkCancel, BulkRun, Choice, Counts, Preview } from './bulk-cancel.ts';
import { MOST_RUNS, none } from './bulk-cancel.ts';
import { storeWishes } from './store-wishes.ts';

export type BulkRequest = {
  choice: Choice;
  /** Runs that were made after it are not taken in; null: until now. */
  as_of: string | null;
  reason: string | null;
  idempotency_key: string | null;
  /** How long to wait until each run has the wish, in milliseconds. */
  wait_ms: number;
};

export type CountedBulk = BulkCancel & { counts: Counts };

export function bulkCancelsFor(deps: Dependencies, principal: Principal) {
  const { store, clock, log } = deps;
  const { organization_id } = principal;
  const counted = async (bulks: readonly BulkCancel[]): Promise<CountedBulk[]> => {
    const counts = await store.bulkCancels.counts(bulks.map(({ id }) => id));
    return bulks.map((bulk) => ({ ...bulk, counts: counts.get(bulk.id) ?? none }));
  };
  const known = async (id: string): Promise<BulkCancel> => {
    const found = await store.bulkCancels.find(organization_id, id);
    if (!found) throw notFound('Bulk cancel', id);
    return found;
  };
  const one = async (id: string): Promise<CountedBulk> => {
    const bulk = await known(id);
    const counts = await store.bulkCancels.counts([id]);
    return { ...bulk, counts: counts.get(id) ?? none };
  };

  return {
    /** What it would stop; nothing is changed. */
    async preview(choice: Choice, as_of: string | null): Promise<Preview & { as_of: string }> {
      const preview = await store.bulkCancels.preview(organization_id, choice, as_of);
      if (as_of !== null) return { as_of, ...preview };
      // By another process's clock a run that is shown may be younger than now.
      const newest = await store.bulkCancels.newest(organization_id, choice);
      const now = clock();
      return { as_of: newest !== null && newest > now ? newest : now, ...preview };
    },

    /**
     * @returns the record, whether or not each run has its wish by then: that is gone on with
     * @throws DomainError `idempotency_conflict`; `invalid` where the runs are too many
     */
    async start(request: BulkRequest): Promise<CountedBulk & { replayed: boolean }> {
      const by = performance.now() + request.wait_ms;
      const now = clock();
      const { choice, reason, idempotency_key: key } = request;
      const bulk: BulkCancel = {
        id: newId(),
        organization_id,
        chosen: { all: choice.by === 'all', where: choice.by === 'where' ? { ...choice.where } : null },
        as_of: request.as_of ?? now,
        reason,
        asked_by: actorOf(principal),
        created_at: now,
        stored_at: null,
      };
      const made = await store.bulkCancels.insert(bulk, choice, request.as_of, { key, request_hash: hashOf(request) });
      if (made.kind === 'conflict') throw new DomainError('idempotency_conflict', OTHER_REQUEST);
      if (made.kind === 'too_many') throw invalid(['body', choice.by], TOO_MANY);
      try {
        if (made.bulk.stored_at === null) await storeWishes(deps, made.bulk, by);
      } catch (error) {
        // It is kept, and that is what the answer says.
        log.error({ bulk_cancel: made.bulk.id, err: error }, 'not each run has its wish yet; a worker goes on with it');
      }
      const replayed = made.kind === 'existing';
      const known = await one(made.bulk.id).catch((error: unknown) => {
        log.warn(
          { bulk_cancel: made.bulk.id, err: error },
          'it could not be looked at again, and is told as it was made',
        );
        return { ...made.bulk, counts: { ...none, storing: made.runs } };
      });
      return { ...known, replayed };
    },

    get: one,
    list: async (page: Page) => counted(await store.bulkCancels.list(organization_id, page)),
    runs: async (id: string, page: Page): Promise<BulkRun[]> => {
      await known(id);
      return store.bulkCancels.runs(organization_id, id, page);
    },
  };
}

const OTHER_REQUEST =
  'This Idempotency-Key was used for another bulk cancel; use a new key, or repeat the same request. Nothing was stopped.';
const TOO_MANY = `More than ${MOST_RUNS.toLocaleString('en-US')} runs match, and none was stopped: narrow it down, as by db_connection_id.`;

/** Of what is asked for. Not of the time: who looks again before sending it again has another, and means the same. */
function hashOf({ choice, reason }: BulkRequest): string {
  const asked = choice.by === 'ids' ? { ...choice, ids: choice.ids.toSorted() } : choice;
  const conditions = choice.by === 'where' ? Object.entries(choice.where).toSorted(([a], [b]) => (a < b ? -1 : 1)) : [];
  return createHash('sha256')
    .update(JSON.stringify({ ...asked, where: conditions, reason }))
    .digest('hex');
}
