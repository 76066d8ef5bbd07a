// What makes two creates the same request, and what an idempotency key that was used before answers with.
import { createHash } from 'node:crypto';
import { baseLlm, usual } from '../contract/base-llm.ts';
import type { CreateInput } from '../contract/finetunings.ts';
import { DomainError } from '../errors.ts';
import type { Providers } from '../provider.ts';
import type { Finetuning } from '../record.ts';
import type { FinetuningStore, KeyedRequest } from '../store.ts';
import { spellingsOf } from './choose-provider.ts';

/** What is asked for, however it was written: null and left out are the same, and so is a default that is named. */
export function meaningOf({ db_connection_id, alias, base_llm, golden_records, metadata }: CreateInput) {
  const { model_provider, model_name, model_parameters } = base_llm ?? baseLlm.parse({});
  return {
    db_connection_id,
    alias: alias ?? null,
    // Not the configured defaults, which may change before the request is repeated.
    model_provider: model_provider ?? null,
    model_name: model_name ?? null,
    model_parameters,
    golden_records: golden_records ?? null,
    metadata: metadata ?? null,
  };
}

type Wish = ReturnType<typeof meaningOf>;

/**
 * A create under its key. The provider is in the hash as it was written, since what a name or none means may change
 * before the request is repeated: another spelling is the same only where it means the provider that the run lives at.
 */
export const keyed = (key: string, wish: Wish, providers: Providers): KeyedRequest => ({
  key,
  request_hash: hashOf(wish),
  isSame: ({ request_hash, provider_ledger }) =>
    request_hash === hashOf(wish) ||
    spellingsOf(providers, wish.model_provider, provider_ledger).some(
      (model_provider) => request_hash === hashOf({ ...wish, model_provider }),
    ),
});

/**
 * Of what is asked for; in whatever order an object names its keys. What came with later versions is not in it where it
 * is not asked for, so that a key that was used before them still finds its run.
 */
function hashOf({ model_provider, model_parameters, ...wish }: Wish): string {
  const { learning_rate, lora, n_epochs, batch_size, learning_rate_multiplier } = model_parameters;
  const asked = {
    ...wish,
    ...(model_provider === null ? {} : { model_provider }),
    model_parameters: {
      n_epochs: n_epochs ?? usual.n_epochs,
      batch_size: batch_size ?? usual.batch_size,
      learning_rate_multiplier,
      ...(learning_rate === null ? {} : { learning_rate }),
      ...(lora === null ? {} : { lora }),
    },
  };
  return createHash('sha256').update(JSON.stringify(asked, inOrder)).digest('hex');
}

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
