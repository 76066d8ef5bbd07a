// @ts-check
// An app on a client made from the document alone: creates, shows and cancels a run, and prints what it saw.
/** @import { Client } from 'openapi-fetch' */
/** @import { paths } from './api.ts' */
import createClient from 'openapi-fetch';

/** @type {Client<paths>} */
const api = createClient({ baseUrl: process.argv[2] ?? '' });

/**
 * @template T
 * @param {{ data?: T, error?: unknown, response: Response }} answer
 */
function given({ data, error, response }) {
  if (data === undefined) throw new Error(`${response.status}: ${JSON.stringify(error)}`);
  return data;
}

const connection = given(await api.POST('/api/v1/database-connections', { body: { alias: 'library' } }));
given(
  await api.POST('/api/v1/golden-sqls', {
    body: Array.from({ length: 12 }, (_, index) => ({
      prompt_text: `Question ${index}?`,
      sql: `SELECT ${index}`,
      db_connection_id: connection.id,
    })),
  }),
);

const created = given(
  await api.POST('/api/v1/finetunings', {
    // What has a default is not asked for.
    body: { db_connection_id: connection.id, base_llm: { model_parameters: { n_epochs: '1' } } },
    params: { header: { 'Idempotency-Key': 'once' } },
  }),
);
const params = { path: { finetuning_id: created.id } };
const shown = given(await api.GET('/api/v1/finetunings/{finetuning_id}', { params }));

const cancelled = await api.POST('/api/v1/finetunings/{finetuning_id}/cancel', {
  params: { ...params, header: { Prefer: 'wait=120' } },
  body: { reason: 'seen enough' },
});
const unknown = await api.GET('/api/v1/finetunings/{finetuning_id}', {
  params: { path: { finetuning_id: 'f'.repeat(24) } },
});

/** @type {string | undefined} */
const detail = unknown.error && typeof unknown.error.detail === 'string' ? unknown.error.detail : undefined;
/** @type {'queued' | 'validating_files' | 'running' | 'succeeded' | 'failed' | 'cancelled'} */
const status = given(cancelled).status;

console.log(
  JSON.stringify({
    created: created.id,
    shown: shown.id,
    epochs: shown.base_llm.model_parameters?.n_epochs,
    cancelled: { http: cancelled.response.status, status, receipt: given(cancelled).cancellation },
    applied: cancelled.response.headers.get('preference-applied'),
    unknown: { http: unknown.response.status, detail },
  }),
);
