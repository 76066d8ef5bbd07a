// What `finetunings create` was given, as the call takes it. Pure: what is left out is left to the server.
import type { RouterInputs } from '../../generated/router.ts';

export type CreateOptions = {
  connection: string;
  alias?: string;
  model?: string;
  epochs?: number | string;
  batchSize?: number | string;
  learningRateMultiplier?: number | string;
  records?: string[];
  metadata?: Record<string, string>;
  idempotencyKey?: string;
  watch?: boolean;
};

export function createInputFrom(options: CreateOptions): RouterInputs['finetunings']['create'] {
  const parameters = given({
    n_epochs: options.epochs,
    batch_size: options.batchSize,
    learning_rate_multiplier: options.learningRateMultiplier,
  });
  const base_llm = given({ model_name: options.model, model_parameters: parameters });
  return {
    db_connection_id: options.connection,
    ...given({
      alias: options.alias,
      base_llm,
      golden_records: options.records,
      metadata: options.metadata,
      idempotency_key: options.idempotencyKey,
    }),
  };
}

/** Undefined where nothing of it is. */
function given<T extends object>(fields: T): Partial<T> | undefined {
  return Object.values(fields).some((value) => value !== undefined) ? fields : undefined;
}
