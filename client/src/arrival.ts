// What may have become of a call that got no answer, and whether it can be sent again. Pure.
import type { Operation } from '@trpc/client';

export type Call = Pick<Operation, 'type' | 'path' | 'input'>;

export type Outcome = {
  /** For people. */
  words: string;
  /** For programs: sent again with it, the call does once what it does. Null: it has none. */
  idempotencyKey: string | null;
};

/** Null where nothing could have been done by it. */
export function afterNoAnswer({ type, path, input }: Call): Outcome | null {
  if (type !== 'mutation') return null;
  switch (path) {
    case 'finetunings.create':
      return withKey(input, 'the run may have been started', 'it is started once');
    case 'finetunings.bulkCancel':
      return withKey(input, 'the runs may be being stopped', 'nothing that was started since is stopped');
    case 'dbConnections.create':
      return {
        words: 'it may have been added; look for it in the list before it is sent again',
        idempotencyKey: null,
      };
    case 'keys.create':
    case 'keys.rotate':
      return {
        words:
          'the key may have been made, and its text is lost then; look for it in the list, revoke it, and make another one',
        idempotencyKey: null,
      };
    default:
      // Cancels and deletes are idempotent, changes say what is to be, and golden records are known when they come again.
      return { words: 'it may have arrived, and can be sent again safely', idempotencyKey: null };
  }
}

function withKey(input: unknown, perhaps: string, again: string): Outcome {
  const key: unknown = Object(input).idempotency_key;
  return {
    words: `${perhaps}; sent again with the idempotency_key ${JSON.stringify(key)}, ${again}`,
    idempotencyKey: typeof key === 'string' ? key : null,
  };
}

/** Sent again as it was, it may do a second time what it does. */
export const isCreate = ({ path }: Call): boolean =>
  ['finetunings.create', 'dbConnections.create', 'keys.create', 'keys.rotate'].includes(path);

/** In one sentence, which ends as the first did. */
export const withOutcome = (message: string, outcome: Outcome | null): string =>
  outcome ? message.replace(/\.?$/, (end) => `; ${outcome.words}${end}`) : message;
