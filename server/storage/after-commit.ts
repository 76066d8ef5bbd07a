// What is told of a run once it is written, and never before: hints, on which nothing depends.

export type AfterCommit = {
  /** It has a new event. */
  news(id: string): void;
  /** It has something to do. */
  work(id: string): void;
  /** It is to be stopped, or has been, and has something to do before all others. */
  stop(id: string): void;
};

export const tellNobody: AfterCommit = { news() {}, work() {}, stop() {} };
