// A picture for the oracle, taken from a database and the sandbox's ledger while the server may still be at work.
import { asc, inArray, sql } from 'drizzle-orm';
import { expect } from 'vitest';
import { events, finetunings, providerCalls } from '../drizzle/schema.ts';
import type { Ledger } from '../server/provider/sandbox/ledger.ts';
import type { Database } from '../server/storage/database.ts';
import { callFromRow, finetuningFromRow } from '../server/storage/finetuning-rows.ts';
import {
  livenessViolations,
  type Picture,
  type PicturedJob,
  type PicturedRequest,
  safetyViolations,
} from './oracle.ts';
import { ELSEWHERE, STRANGE_OWNER } from './proof/foreign-tag.ts';

type LedgerView = Pick<Ledger, 'jobs' | 'files'>;
type LedgerJobs = ReturnType<Ledger['jobs']>;
type LedgerFiles = ReturnType<Ledger['files']>;

type Frame = {
  /** Only the finetunings with these ids. */
  ids?: readonly string[];
  /** Files of somebody else, by id, which must stay. */
  foreignFiles?: readonly string[];
  /** What has reached the provider by now. */
  requests?: () => readonly PicturedRequest[];
  /** Our jobs, by who knows more of them than is shown; left out: as they are shown. */
  ownJobs?: (() => PicturedJob[]) | undefined;
};

export async function takePicture(db: Database, ledger: LedgerView, frame: Frame = {}): Promise<Picture> {
  const { ids, foreignFiles = [], requests = () => [], ownJobs } = frame;
  const ofThese = ids && inArray(providerCalls.finetuning_id, [...ids]);
  const seen = await db.transaction(
    async (tx) => ({
      rows: await tx
        .select()
        .from(finetunings)
        .where(ids && inArray(finetunings.id, [...ids])),
      events: await tx
        .select()
        .from(events)
        .where(ids && inArray(events.finetuning_id, [...ids]))
        .orderBy(asc(events.version)),
      calls: await tx.select().from(providerCalls).where(ofThese),
    }),
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
  const history = Map.groupBy(seen.events, (event) => event.finetuning_id);
  // Looked at after the rows: what a row claims must be true by then.
  const jobs = ledger.jobs();
  const files = ledger.files();
  const known = ownJobs?.();
  const arrived = [...requests()];
  // Looked at after these: what exists or has arrived had its call row before (I2).
  const before = new Set(seen.calls.map((call) => call.id));
  const since = (await db.select().from(providerCalls).where(ofThese)).filter((call) => !before.has(call.id));
  const inOrder = [...seen.calls, ...since].sort(
    (one, other) => one.attempt - other.attempt || (one.id < other.id ? -1 : 1),
  );
  const calls = Map.groupBy(inOrder, (call) => call.finetuning_id);
  return {
    rows: seen.rows.map((row) => ({
      ...finetuningFromRow(row),
      calls: (calls.get(row.id) ?? []).map(callFromRow),
      history: history.get(row.id) ?? [],
    })),
    ...ownedOf({ jobs, files }),
    ...(known ? { jobs: known } : {}),
    requests: arrived,
    foreign: {
      jobs: jobs.filter(isForeign).map(({ id, status }) => ({ id, phase: phaseOf(status) })),
      files: foreignFiles.map((id) => ({ id, held: files.some((file) => file.id === id) })),
    },
  };
}

/** What of the ledger is ours. */
export function ownedOf({ jobs, files }: { jobs: LedgerJobs; files: LedgerFiles }): Pick<Picture, 'jobs' | 'files'> {
  return {
    jobs: jobs.flatMap((job) => {
      const owner = job.metadata?.['goldtune_finetuning'];
      if (!owner || isForeign(job) || job.metadata?.['made_by_test']) return [];
      const trained = job.error?.code !== 'invalid_training_file';
      return [{ id: job.id, owner, file_id: job.training_file, phase: phaseOf(job.status), trained }];
    }),
    files: files.flatMap(({ id, filename }) => {
      const { owner, attempt } = /^(?<owner>[0-9a-f]{24})\.(?<attempt>\d+)\.jsonl$/.exec(filename)?.groups ?? {};
      return owner && owner !== STRANGE_OWNER ? [{ id, owner, attempt: Number(attempt) }] : [];
    }),
  };
}

const isForeign = ({ metadata }: LedgerJobs[number]) =>
  !metadata?.['goldtune_finetuning'] || metadata['goldtune_deployment'] === ELSEWHERE;

const phaseOf = (status: string): PicturedJob['phase'] =>
  status === 'succeeded' || status === 'failed' || status === 'cancelled' ? status : 'active';

/** @throws where a safety invariant does not hold at this moment */
export async function expectSafe(db: Database, ledger: LedgerView): Promise<void> {
  expect(safetyViolations(await takePicture(db, ledger))).toEqual([]);
}

/** @throws where something is left to do. To be asked when faults have ended and nothing is due any more. */
export async function expectSettled(db: Database, ledger: LedgerView): Promise<void> {
  const picture = await takePicture(db, ledger);
  expect([...safetyViolations(picture), ...livenessViolations(picture)]).toEqual([]);
}

/** How many rows each table holds: equal before and after, nothing was stored. */
export async function rowCounts(db: Database): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of [
    'db_connections',
    'golden_records',
    'finetunings',
    'provider_calls',
    'events',
    'idempotency_keys',
    'imports',
  ]) {
    const result = await db.execute(sql.raw(`select count(*)::int as n from ${table}`));
    counts[table] = Object(result).rows[0].n;
  }
  return counts;
}
