// Advisories about what ships that are known and accepted for now. Each says why, since when, and until when that counts.

export type Accepted = {
  /** As the advisory's address ends: GHSA-…. */
  id: string;
  /** Why it does no harm here, or what is waited for. */
  why: string;
  /** The day it was looked at, as 2026-11-30. */
  since: string;
  /** The day from which it has to be looked at again. */
  until: string;
};

export const accepted: readonly Accepted[] = [];
