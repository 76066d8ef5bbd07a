// Exit codes: the one table that every command, its help and the README take them from.

export const exitCodes = {
  done: {
    code: 0,
    meaning:
      'Done. Of `cancel`: it is proven that nothing runs; with `--no-wait`: it is stored, and goes on. Of `watch` and `wait`: the run succeeded.',
  },
  unexpected: { code: 1, meaning: 'Something unexpected went wrong.' },
  invalid: { code: 2, meaning: 'The command line, or what it gave to the server, is wrong.' },
  pending: {
    code: 3,
    meaning: 'Not yet: the time of `--wait` or `--timeout` is over. What was asked for is stored and goes on.',
  },
  too_late: { code: 4, meaning: 'Too late to cancel: the run had already succeeded or failed.' },
  not_found: {
    code: 5,
    meaning:
      'There is no such finetuning, bulk cancel, golden record, database connection, provider, API key, webhook endpoint or delivery, or there are no logs of it.',
  },
  denied: {
    code: 6,
    meaning: 'The API key is missing or wrong, or may not do this, or the server answers its own machine only.',
  },
  unreachable: {
    code: 7,
    meaning:
      'goldtune cannot be reached, does not answer in time, or is unavailable just now; or it was asked for more than it allows, and says when to come back.',
  },
  failed: { code: 8, meaning: 'The run failed (`watch`, `wait`).' },
  cancelled: { code: 9, meaning: 'The run was cancelled (`watch`, `wait`).' },
  in_use: {
    code: 10,
    meaning: 'The database connection is used by finetunings or golden records, and was not deleted.',
  },
  interrupted: { code: 130, meaning: 'Ctrl-C ended the watching or waiting, and nothing else.' },
  broken_pipe: { code: 141, meaning: 'The reader of the output left, as `head` does.' },
} as const;

export type Outcome = keyof typeof exitCodes;

/** Of several answers the one that leaves the most to do: what was never asked for comes before what goes on by itself. */
const gravity: readonly Outcome[] = [
  'unexpected',
  'unreachable',
  'denied',
  'invalid',
  'not_found',
  'in_use',
  'pending',
  'too_late',
];

export const gravest = (outcomes: readonly Outcome[]): Outcome =>
  gravity.find((outcome) => outcomes.includes(outcome)) ?? 'done';

/** The rows of the table, all or some, for a terminal. */
export const exitCodeRows = (some?: readonly Outcome[]): { code: number; meaning: string }[] =>
  Object.entries(exitCodes)
    .filter(([outcome]) => !some || some.some((wanted) => wanted === outcome))
    .map(([, { code, meaning }]) => ({ code, meaning: meaning.replaceAll('`', '') }));
