// The invariants of the design, held against the database and the provider's own ledger.
import { asc, sql } from 'drizzle-orm';
import { expect } from 'vitest';
import { events, finetunings, providerCalls } from '../drizzle/schema.ts';
import { replay } from '../server/finetuning/lifecycle/replay.ts';
import { isTerminal, stateSchema } from '../server/finetuning/lifecycle/state.ts';
import type { Ledger } from '../server/provider/sandbox/ledger.ts';
import type { Database } from '../server/storage/database.ts';

/** The server may still be at work meanwhile: the database is seen as of one moment. */
export async function expectInvariants(db: Database, ledger: Ledger): Promise<void> {
  const jobsBefore = ledger.jobs();
  const snapshot = await db.transaction(
    async (tx) => ({
      rows: await tx.select().from(finetunings),
      events: await tx.select().from(events).orderBy(asc(events.version)),
      calls: await tx.select().from(providerCalls),
    }),
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
  const jobsAfter = ledger.jobs();
  for (const row of snapshot.rows) {
    // A test of the janitor makes jobs behind our back, and says so.
    const ofRow = (job: (typeof jobsAfter)[number]) =>
      job.metadata?.['goldtune_finetuning'] === row.id && !job.metadata['made_by_test'];
    const jobs = jobsAfter.filter(ofRow);
    const going = jobs.filter((job) => !['succeeded', 'failed', 'cancelled'].includes(job.status));

    expect(going.length, `I1: at most one job of ${row.id} trains`).toBeLessThanOrEqual(1);
    if (row.status === 'cancelled') {
      expect(going, `I3: ${row.id} is cancelled, no job of it goes on`).toEqual([]);
      expect(
        jobs.filter((job) => job.status === 'succeeded'),
        `I3: ${row.id} is cancelled, none succeeded`,
      ).toEqual([]);
    }
    const adopted = jobs.find((job) => job.id === row.job_id);
    if (adopted && (row.status === 'succeeded' || row.status === 'failed')) {
      expect(adopted.status, `I4: ${row.id} says what its job says`).toBe(row.status);
    }

    const history = snapshot.events.filter((event) => event.finetuning_id === row.id);
    expect(
      history.map((event) => event.version),
      `I5: the version of ${row.id} rises by one, each with its event`,
    ).toEqual(Array.from({ length: row.version }, (_, index) => index + 1));
    expect(replay(history.map((event) => event.changes)), `I9: the events of ${row.id} replay to the row`).toEqual(
      stateSchema.parse(row),
    );

    const calls = snapshot.calls.filter((call) => call.finetuning_id === row.id);
    const created = calls.filter((call) => call.kind === 'create').length;
    const jobsThen = jobsBefore.filter(ofRow).length;
    expect(created, `I2: each job of ${row.id} has its call row`).toBeGreaterThanOrEqual(jobsThen);
    if (isTerminal(row.status) && row.due_at === null) {
      expect(
        calls.filter((call) => call.state === 'open'),
        `L2: no call of ${row.id} is left open`,
      ).toEqual([]);
    }
  }
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
  ]) {
    const result = await db.execute(sql.raw(`select count(*)::int as n from ${table}`));
    counts[table] = Object(result).rows[0].n;
  }
  return counts;
}
