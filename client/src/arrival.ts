// What may have become of a call that got no answer, and whether it can be sent again. Pure.
import type { Operation } from '@trpc/client';

export type Call = Pick<Operation, 'type' | 'path' | 'input'>;

/** Null where nothing could have been done by it. */
export function afterNoAnswer({ type, path, input }: Call): string | null {
  if (type !== 'mutation') return null;
  switch (path) {
    case 'finetunings.create': {
      const key: unknown = Object(input).idempotency_key;
      return `the run may have been started; sent again with the idempotency_key ${JSON.stringify(key)}, it is started once`;
    }
    case 'dbConnections.create':
      return 'it may have been added; look for it in the list before it is sent again';
    default:
      // Cancels and deletes are idempotent, changes say what is to be, and golden records are known when they come again.
      return 'it may have arrived, and can be sent again safely';
  }
}
