// What the embedded database has no processes of its own for: keeps its log short, and writes off a disk that is full.
import type { PGlite } from '@electric-sql/pglite';
import { z } from 'zod';
import { MB } from './log-files.ts';
import type { Room } from './room.ts';

/** Of the log, which otherwise grows for as long as the thread lives. */
const MOST_LOG = 12 * MB;
const MEASURE_EVERY_MS = 1000;
const SINCE_CHECKPOINT =
  'SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn)::text AS bytes FROM pg_control_checkpoint()';
const measured = z.tuple([z.object({ bytes: z.coerce.number() })]);

/** Where the session stands: idle, within a transaction, or within one that has failed. */
export type Standing = 'I' | 'T' | 'E';

export class Upkeep {
  readonly #database: Pick<PGlite, 'exec' | 'query'>;
  readonly #room: Pick<Room, 'isShort'>;
  /** Whether the session, and the transaction that it is in, refuse to write. */
  #sessionRefuses = false;
  #transactionRefuses = false;
  #measured = 0;

  constructor(database: Pick<PGlite, 'exec' | 'query'>, room: Pick<Room, 'isShort'>) {
    this.#database = database;
    this.#room = room;
  }

  /** Its settings are the usual ones. */
  sessionBegins(): void {
    this.#sessionRefuses = false;
  }

  /** Between two things that are asked. */
  async doWhatIsDue(standing: Standing): Promise<void> {
    const isShort = this.#room.isShort();
    switch (standing) {
      case 'I':
        this.#transactionRefuses = false;
        if (isShort !== this.#sessionRefuses) {
          await this.#database.exec(`SET default_transaction_read_only = ${isShort ? 'on' : 'off'}`);
          this.#sessionRefuses = isShort;
        }
        return this.#keepLogShort();
      case 'T':
        if (!isShort || this.#transactionRefuses) return;
        await this.#database.exec('SET transaction_read_only = on');
        this.#transactionRefuses = true;
        return;
      case 'E':
        return;
      default:
        standing satisfies never;
    }
  }

  async #keepLogShort(): Promise<void> {
    if (performance.now() - this.#measured < MEASURE_EVERY_MS) return;
    const [{ bytes }] = measured.parse((await this.#database.query(SINCE_CHECKPOINT)).rows);
    if (bytes > MOST_LOG) await this.#database.exec('CHECKPOINT');
    this.#measured = performance.now();
  }
}
