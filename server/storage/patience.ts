// How long each kind of work waits for Postgres. Whatever the server does not end itself, its silence does.

/** In milliseconds. */
export type Patience = {
  /** For a lock that another session holds. */
  lock_ms: number;
  /** Then the server ends the statement. */
  statement_ms: number;
  /** Then a connection that nothing has come through is given up. */
  silence_ms: number;
  /** For a connection to be made, or a place in a pool that is in use. */
  connection_ms: number;
};

/** How much longer than the server the client waits, for the answer to arrive. */
const ON_THE_WAY_MS = 5000;

const waits = (lock_ms: number, statement_ms: number, connection_ms: number): Patience => ({
  lock_ms,
  statement_ms,
  silence_ms: statement_ms + ON_THE_WAY_MS,
  connection_ms,
});

export const patience = {
  /** Whoever asks waits: a part of an import takes a moment, and another import may hold its records. */
  requests: waits(10_000, 15_000, 10_000),
  /**
   * A lock is not waited for on the connection: it is given back, and asked for again while there is time. A call that
   * stops a hundred runs, all locked, keeps the connections of stops for a second.
   */
  stops: waits(50, 5000, 5000),
  /** Nobody waits: what is locked is left to the next round, and holds up nothing else. */
  work: waits(500, 10_000, 10_000),
  queue: waits(5000, 10_000, 10_000),
  /** A connection that only listens: it is asked, to see that something still comes through. */
  listening: waits(5000, 5000, 10_000),
} satisfies Record<string, Patience>;
