// Generated from the server by `npm run generate`; not edited by hand.
// What came from outside is repeated cut: it goes into one line, and no answer is to grow with the request.

/** Longer than any name of ours. */
const LONGEST = 60;

export const cut = (given: string): string =>
  given.length > LONGEST ? `${given.slice(0, LONGEST).toWellFormed()}…` : given;
