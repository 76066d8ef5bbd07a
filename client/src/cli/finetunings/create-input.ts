// What `finetunings create` was given, as the call takes it. Pure: what is left out is left to the server.
import type { RouterInputs } from '../../generated/router.ts';
import { InputError } from '../failure.ts';

export type CreateOptions = {
  connection: string;
  alias?: string;
  provider?: string;
  model?: string;
  epochs?: number | string;
  batchSize?: number | string;
  learningRateMultiplier?: number | string;
  learningRate?: number;
  loraR?: number;
  loraAlpha?: number;
  loraDropout?: number;
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
    learning_rate: options.learningRate,
    lora: loraOf(options),
  });
  const base_llm = given({ model_provider: options.provider, model_name: options.model, model_parameters: parameters });
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

/** @throws InputError where a part is missing that has no default. */
function loraOf({ loraR: r, loraAlpha: alpha, loraDropout: dropout }: CreateOptions) {
  if (r === undefined && alpha === undefined && dropout === undefined) return undefined;
  if (r === undefined || alpha === undefined) throw new InputError('--lora-r and --lora-alpha are given together');
  return { r, alpha, ...(dropout === undefined ? {} : { dropout }) };
}

/** Undefined where nothing of it is. */
function given<T extends object>(fields: T): Partial<T> | undefined {
  return Object.values(fields).some((value) => value !== undefined) ? fields : undefined;
}
