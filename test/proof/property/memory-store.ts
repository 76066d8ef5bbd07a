// The storage port in memory: one map, compare-and-set on the version, and an oracle's eye on every write.
import { changesBetween } from '../../../server/finetuning/lifecycle/replay.ts';
import { isTerminal } from '../../../server/finetuning/lifecycle/state.ts';
import type { Transition } from '../../../server/finetuning/lifecycle/transition.ts';
import type {
  DbConnection,
  GoldenRecord,
  TimelineEvent,
  TrackedFinetuning,
} from '../../../server/finetuning/record.ts';
import type { FinetuningStore, KeyedRequest, StopStore, Store } from '../../../server/finetuning/store.ts';
import { stepViolations } from '../../oracle.ts';
import type { Pending, Process, Schedule } from './process.ts';

const NOW = '2026-01-01T00:00:00.000Z';
export const ORGANIZATION = '0'.repeat(24);
export const CONNECTION: DbConnection = {
  id: '1'.repeat(24),
  organization_id: ORGANIZATION,
  alias: 'library',
  dialect: 'sqlite',
  schema_sql: '',
  metadata: null,
  created_at: NOW,
  updated_at: NOW,
};
const NONE = { count: 0, isMore: false, runs: [] };
const RECORDS = Array.from(
  { length: 10 },
  (_, index): GoldenRecord => ({
    id: String(index).padStart(24, '2'),
    organization_id: ORGANIZATION,
    db_connection_id: CONNECTION.id,
    prompt_text: `question ${index}`,
    sql: `SELECT ${index}`,
    metadata: null,
    warnings: [],
    content_hash: String(index),
    created_at: NOW,
    deleted_at: null,
  }),
);

export class Tables {
  readonly rows = new Map<string, TrackedFinetuning>();
  readonly history = new Map<string, TimelineEvent[]>();
  readonly keys = new Map<string, { request_hash: string; id: string }>();
  readonly prompts = new Map<string, string>();
  readonly violations: string[] = [];
  lostWrites = 0;
}

/** The tables as one process reaches them: over a connection that can break before or after the statement. */
export function memoryStore(tables: Tables, schedule: Schedule, process: Process): Store {
  const turn = <T>(label: string, execute: () => T): Promise<T> =>
    schedule.wait<T>(({ open, fail }): Pending => {
      const cut = (): null => {
        fail(new Error('the connection to the database is lost'));
        return null;
      };
      const statement: Pending = {
        process,
        label,
        move() {
          const answer = execute();
          // Of a process that has crashed, the statement may still be committed.
          if (statement.process !== null) open(answer);
          return null;
        },
        faults: {
          'database lost before': cut,
          'database lost after': () => {
            execute();
            return cut();
          },
        },
      };
      return statement;
    });

  const note = (event: Omit<TimelineEvent, 'created_at'>, now: string) => {
    const events = tables.history.get(event.finetuning_id) ?? [];
    tables.history.set(event.finetuning_id, [...events, { ...event, created_at: now }]);
  };
  const existing = ({ key, isSame }: KeyedRequest) => {
    const used = tables.keys.get(key);
    if (!used) return null;
    const finetuning = tables.rows.get(used.id);
    const { request_hash } = used;
    if (!finetuning || !isSame({ request_hash, provider_ledger: finetuning.provider_ledger }))
      return { kind: 'conflict' as const };
    return { kind: 'existing' as const, finetuning };
  };

  const found = (organization_id: string, id: string) => {
    const row = tables.rows.get(id);
    return row?.organization_id === organization_id && row.state.deleted_at === null ? row : null;
  };
  const save = (
    before: TrackedFinetuning,
    { run, event, by = null }: Transition,
    now: string,
  ): TrackedFinetuning | null => {
    const current = tables.rows.get(before.id);
    if (current?.version !== before.version) {
      tables.lostWrites += 1;
      return null;
    }
    const { due_at, failures } = run;
    if (!event) {
      const after = { ...current, due_at, failures };
      tables.rows.set(before.id, after);
      return { ...before, due_at, failures };
    }
    const version = before.version + 1;
    const after = { ...before, state: run.state, calls: run.calls, due_at, failures, version, updated_at: now };
    tables.violations.push(...stepViolations(current, after));
    tables.rows.set(before.id, after);
    const changes = changesBetween(before.state, run.state);
    note({ ...event, finetuning_id: before.id, version, changes, by }, now);
    return after;
  };

  const finetunings: FinetuningStore = {
    find: (organization_id, id) => turn('find', () => found(organization_id, id)),
    findAny: (id) => turn('find', () => tables.rows.get(id) ?? null),
    show: async (_organization_id, id) => {
      const row = tables.rows.get(id);
      return row ? { ...row, golden_records: [] } : null;
    },
    list: async () => ({ found: [...tables.rows.values()], unreadable: [] }),
    insert: ({ system_prompt, golden_records: _, ...finetuning }, event, idempotency) =>
      turn('insert', () => {
        const used = idempotency && existing(idempotency);
        if (used) return used;
        tables.rows.set(finetuning.id, { ...finetuning, calls: [] });
        tables.prompts.set(finetuning.id, system_prompt);
        if (idempotency) tables.keys.set(idempotency.key, { ...idempotency, id: finetuning.id });
        const changes = changesBetween(null, finetuning.state);
        note({ ...event, finetuning_id: finetuning.id, version: 1, changes }, finetuning.created_at);
        return { kind: 'inserted', finetuning };
      }),
    findByKey: (_organization_id, idempotency) => turn('find', () => existing(idempotency)),
    save: (before, transition, now) => turn('save', () => save(before, transition, now)),
    due: async () => [],
    schedule: async () => [],
    untold: async () => [],
    unattended: async () => [],
    hurry: async () => {},
    owners: (ids) =>
      turn('find', () => ({
        found: [...tables.rows.values()].filter((row) => ids.includes(row.id)),
        unreadable: [],
      })),
    recordIds: async () => RECORDS.map((record) => record.id),
    heads: async (ids) =>
      ids.flatMap((id) => {
        const row = tables.rows.get(id);
        if (!row) return [];
        const isDeleted = row.state.deleted_at !== null;
        return [{ ...row, isOver: isDeleted || isTerminal(row.state.status), isDeleted }];
      }),
    systemPrompt: async (_organization_id, id) => tables.prompts.get(id) ?? '',
    events: async (_organization_id, id) => tables.history.get(id) ?? [],
  };

  /** All in one turn, as they are written by one statement. */
  const stops: StopStore = {
    ...finetunings,
    findMany: (organization_id, ids) => turn('find', () => ids.flatMap((id) => found(organization_id, id) ?? [])),
    async *saveMany(changes, now) {
      yield* await turn('save', () => changes.flatMap(({ before, transition }) => save(before, transition, now) ?? []));
    },
  };

  return {
    finetunings,
    stops: () => stops,
    workers: { seen: async () => {}, lastSeen: async () => null },
    goldenRecords: {
      add: async () => [],
      list: async () => RECORDS,
      hide: async () => false,
      idsOf: async () => RECORDS.map((record) => record.id),
      byIds: async (_organization_id, _connection_id, ids) => RECORDS.filter((record) => ids.includes(record.id)),
    },
    // Nobody asks for them here.
    bulkCancels: {
      preview: async () => ({ to_cancel: NONE, already_stopping: NONE, past_stopping: NONE }),
      insert: async () => ({ kind: 'conflict' }),
      find: async () => null,
      list: async () => [],
      counts: async () => new Map(),
      runs: async () => [],
      unstored: async () => [],
      pending: async () => [],
      settle: async () => {},
      finish: async () => {},
      newest: async () => null,
      retryUnreadable: async () => {},
    },
    webhooks: {
      insert: async () => false,
      find: async () => null,
      list: async () => [],
      update: async () => null,
      rotate: async () => null,
      delete: async () => false,
      ping: async () => null,
      deliveries: async () => [],
      redeliver: async () => null,
    },
    audit: { list: async () => [] },
    // The simulated janitor stops nothing that it does not know.
    unownedCancels: { open: async () => {}, answered: async () => {} },
    dbConnections: {
      insert: async () => {},
      find: async () => CONNECTION,
      list: async () => [CONNECTION],
      update: async () => CONNECTION,
      delete: async () => ({ kind: 'unknown' }),
    },
  };
}
