// What makes two creates the same request, and what an idempotency key that was used before answers with.
import { createHash } from 'node:crypto';
import { baseLlm, type CreateInput } from '../contract/finetunings.ts';
import { DomainError } from '../errors.ts';
import type { Finetuning } from '../record.ts';
import type { FinetuningStore } from '../store.ts';

/** What is asked for, however it was written: null and left out are the same, and so is a default that is named. */
export function meaningOf({ db_connection_id, alias, base_llm, golden_records, metadata }: CreateInput) {
  const { model_name, model_parameters } = base_llm ?? baseLlm.parse({});
  return {
    db_connection_id,
    alias: alias ?? null,
    // Not the configured default, which may change before the request is repeated.
    model_name: model_name ?? null,
    model_parameters,
    golden_records: golden_records ?? null,
    metadata: metadata ?? null,
  };
}

/** Of what is asked for; in whatever order an object names its keys. */
export const hashOf = (wish: ReturnType<typeof meaningOf>) =>
  createHash('sha256').update(JSON.stringify(wish, inOrder)).digest('hex');

const inOrder = (_key: string, value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

type Inserted = Awaited<ReturnType<FinetuningStore['insert']>>;
/** `replayed`: it was made before, and this time nothing was. */
export type Made = Finetuning & { replayed: boolean };

/**
 * The record that a request made, just now or when its key was used before.
 * @throws DomainError `idempotency_conflict`
 */
export function madeWith(made: Exclude<Inserted, { kind: 'no_connection' }>): Made {
  if (made.kind === 'conflict') {
    throw new DomainError(
      'idempotency_conflict',
      'This Idempotency-Key was used for another request; use a new key, or repeat the same request.',
    );
  }
  // Not answered with what nobody can see any more, and not made again behind the back of whoever deleted it.
  if (made.finetuning.state.deleted_at !== null) {
    throw new DomainError(
      'idempotency_conflict',
      'The finetuning that this Idempotency-Key made was deleted, and nothing was started; use a new key to start another.',
    );
  }
  return { ...made.finetuning, replayed: made.kind === 'existing' };
}
