// Generated from the server by `npm run generate`; not edited by hand.
// What came from outside is repeated cut: it goes into one line, and no answer is to grow with the request.

/** Longer than any name of ours. */
const LONGEST = 60;

export const cut = (given: string, longest = LONGEST): string =>
  // Not in the middle of a character of two code units.
  given.length > longest ? `${given.slice(0, longest).replace(/[\uD800-\uDBFF]$/, '')}…` : given;
