// What is asked of the database about limits: one sum for all processes, of each principal and lane.
export type CountStore = {
  /**
   * Adds what was counted in this minute, in one statement.
   * @returns the sums of all processes; without what has been counted in a later minute since
   */
  add(minute: number, counts: ReadonlyMap<string, number>): Promise<ReadonlyMap<string, number>>;
};
