// Nebius Token Factory, as far as it is documented: hyperparameters at the top, no metadata, errors as FastAPI words them.
import { z } from 'zod';
import { tagInSuffix } from '../../../server/provider/openai/suffix.ts';
import { momentOf } from '../../../server/provider/sandbox/timeline.ts';
import type { Body, Personality, Refused } from './front.ts';

export const NEBIUS_MODEL = 'meta-llama/Meta-Llama-3.1-8B-Instruct';

const hyperparameters = z.strictObject({
  n_epochs: z.int().min(1).max(20).optional(),
  batch_size: z.int().min(1).max(32).optional(),
  learning_rate: z.number().positive().optional(),
  lora: z.boolean().optional(),
  lora_r: z.int().min(1).optional(),
  lora_alpha: z.int().min(1).optional(),
  lora_dropout: z.number().min(0).max(1).optional(),
});

/** A request that says something else gets told, so that nothing is sent there which it would drop without a word. */
const create = z.strictObject({
  model: z.string(),
  training_file: z.string(),
  suffix: z.string().max(64).optional(),
  seed: z.int().optional(),
  tags: z.string().optional(),
  hyperparameters: hyperparameters.optional(),
});

const job = z.strictObject({
  id: z.string(),
  object: z.literal('fine_tuning.job'),
  model: z.string(),
  created_at: z.int(),
  finished_at: z.int().nullable(),
  fine_tuned_model: z.string().nullable(),
  training_file: z.string(),
  suffix: z.string().nullable(),
  status: z.enum(['validating_files', 'queued', 'running', 'succeeded', 'failed', 'cancelled']),
  hyperparameters,
  trained_steps: z.int().min(0),
  total_steps: z.int().min(1),
  trained_tokens: z.int().nullable(),
  error: z.looseObject({ message: z.string() }).nullable(),
});

/** Where a job of the sandbox keeps what it has no field for. */
const KEPT = 'hyperparameters';

const unprocessable = (fields: { loc: (string | number)[]; msg: string }[]): Refused => ({
  status: 422,
  body: { detail: fields.map((field) => ({ ...field, type: 'value_error' })) },
});

export const nebiusPersonality: Personality = {
  base: '/v1',
  deny: (headers) =>
    headers.get('authorization') === 'Bearer sandbox' ? null : { status: 401, body: { detail: 'Invalid API key' } },
  create(asked) {
    const parsed = create.safeParse(asked);
    if (!parsed.success) {
      const fields = parsed.error.issues.map(({ path, message }) => ({
        loc: ['body', ...path.map(String)],
        msg: message,
      }));
      return { refused: unprocessable(fields) };
    }
    const { hyperparameters: chosen = {}, ...rest } = parsed.data;
    const { n_epochs, batch_size } = chosen;
    // The tag is for whoever judges by the sandbox’s ledger, and never shown to a client.
    const metadata = { [KEPT]: JSON.stringify(chosen), ...tagInSuffix(rest.suffix ?? null, null) };
    return { body: { ...rest, hyperparameters: { n_epochs, batch_size }, metadata } };
  },
  job(shown, { ledger }) {
    const kept = ledger.job(String(shown['id']));
    if (!kept) throw new Error(`the sandbox shows a job that it has not: ${shown['id']}`);
    const {
      id,
      object,
      model,
      created_at,
      finished_at,
      fine_tuned_model,
      training_file,
      status,
      trained_tokens,
      error,
    } = shown;
    return {
      ...{ id, object, model, created_at, finished_at, fine_tuned_model, training_file, status, trained_tokens, error },
      suffix: kept.suffix,
      hyperparameters: JSON.parse(kept.metadata?.[KEPT] ?? '{}'),
      trained_steps: momentOf(kept.course, ledger.now()).step,
      total_steps: kept.course.timeline.total_steps,
    };
  },
  refusal(status, { message, param, code }) {
    if (status === 404) return { status, body: { error: { message, type: 'invalid_request_error', param, code } } };
    // What names no field is a sentence.
    if (status !== 400 || param === null || code === 'invalid_state') return { status, body: { detail: message } };
    return unprocessable([{ loc: ['body', param], msg: message }]);
  },
  departures({ status, body }) {
    if (status !== 200) return [];
    const shown = jobsIn(body);
    return shown.flatMap(
      (one) => job.safeParse(one).error?.issues.map(({ path, message }) => `${path}: ${message}`) ?? [],
    );
  },
};

/** Files are as at OpenAI. */
function jobsIn(body: unknown): Body[] {
  const isJob = (one: Body) => one['object'] === 'fine_tuning.job';
  const listed = z.object({ data: z.array(z.looseObject({})) }).safeParse(body).data;
  if (listed) return listed.data.filter(isJob);
  const one = z.looseObject({}).safeParse(body).data;
  return one && isJob(one) ? [one] : [];
}
