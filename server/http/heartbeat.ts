// How often a stream says that it is alive, so that nobody takes it for dead, and a dead one can be told from it.

/** A client may take a stream for dead that was silent for four of these. */
export const HEARTBEAT_MS = 5000;
