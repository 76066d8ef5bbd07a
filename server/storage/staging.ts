// How records are added where the database has one session: few at once, many as a staged import, one of those at a time.
import type { GoldenRecord } from '../finetuning/record.ts';
import type { Database } from './database.ts';
import { addAtOnce, InUnfinishedImport } from './golden-records-at-once.ts';
import { importStaged, removeLeft, type StagedImport } from './staged-import.ts';

/** As many as one short transaction adds. */
const FEW = { records: 100, characters: 256 * 1024 };

export type Staging = {
  add(organization_id: string, records: readonly GoldenRecord[], signal?: AbortSignal): Promise<GoldenRecord[] | null>;
  /** Somebody has hidden this record. */
  hidden(id: string): void;
};

export function staging(db: Database): Staging {
  let running: { staged: StagedImport; over: Promise<void> } | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  /** In the order in which they asked. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work);
    turn = mine.catch(() => {});
    return mine;
  }

  async function few(organization_id: string, records: readonly GoldenRecord[], signal?: AbortSignal) {
    for (;;) {
      signal?.throwIfAborted();
      try {
        return await addAtOnce(db, organization_id, records, signal);
      } catch (error) {
        if (!(error instanceof InUnfinishedImport)) throw error;
        await madeWay(error);
      }
    }
  }

  /** The records in the way are stored with the import that has them, or removed with it. */
  async function madeWay({ rows }: InUnfinishedImport): Promise<void> {
    const now = running;
    const isOfIt = now !== null && rows.some(({ unfinished }) => unfinished === now.staged.id);
    await (isOfIt ? now.over : removeLeft(db, rows));
  }

  return {
    hidden: (id) => running?.staged.hidden(id),
    add: (organization_id, records, signal) => {
      if (isFew(records)) return few(organization_id, records, signal);
      return inTurn(async () => {
        signal?.throwIfAborted();
        const over = Promise.withResolvers<void>();
        const begun = (staged: StagedImport) => {
          running = { staged, over: over.promise };
        };
        try {
          return await importStaged(db, organization_id, records, begun, signal);
        } finally {
          running = null;
          over.resolve();
        }
      });
    },
  };
}

function isFew(records: readonly GoldenRecord[]): boolean {
  if (records.length > FEW.records) return false;
  const characters = records.reduce((sum, { prompt_text, sql }) => sum + prompt_text.length + sql.length, 0);
  return characters <= FEW.characters;
}
