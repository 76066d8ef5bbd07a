// What an open database can do, whichever of the two it is.
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type * as schema from '../../drizzle/schema.ts';

/** A database or a transaction on it; all queries are written against this. */
export type Database = PgDatabase<PgQueryResultHKT, typeof schema>;

/**
 * A database on a connection that is lent for one statement.
 * @param by a moment of `performance.now()`: who is not done then is cut off
 * @throws Unavailable where the database cannot do it by then; `mayBeDone` where it writes, was sent, and the server has
 *   not said that it was rolled back
 */
export type Lend = <T>(by: number, effect: 'reads' | 'writes', statement: (db: Database) => Promise<T>) => Promise<T>;

export type Listening = { close(): Promise<void> };

export type Hearing = {
  hear: (payload: string) => void;
  /** Each time it listens anew: what was said while it did not is lost. */
  listens: () => void;
  failed: (error: unknown) => void;
};

/** What the queue works on: connections of its own, or the only one there is. */
export type QueueConnection = {
  backend: 'postgres' | 'pglite';
  /** Several statements in one text, where there are no values. */
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
};

export type OpenDatabase = AsyncDisposable & {
  /** For requests. */
  db: Database;
  /** For what goes on in the background: whatever holds that up, requests have connections of their own. */
  work: Database;
  /** For stops, which nothing else is to keep out. */
  stops: Lend;
  queue: QueueConnection;
  /** @throws DomainError `unavailable` where no row can be written now; it takes seconds at most. */
  checkWritable(): Promise<void>;
  /** Hears what is notified on a channel, until closed; a connection that is lost is made again. */
  listen(channel: string, hearing: Hearing): Promise<Listening>;
  /**
   * A step of the start that may change tables: one process at a time takes one.
   * @throws Error with one clear line: the database's own cause, and what mends it.
   */
  setUp<T>(step: (db: Database) => Promise<T>): Promise<T>;
};
