// @ts-check
// What the types made from the document must not let pass. Never run.
/** @import { Client } from 'openapi-fetch' */
/** @import { paths } from './api.ts' */
import createClient from 'openapi-fetch';

/** @type {Client<paths>} */
const api = createClient({ baseUrl: '' });

// @ts-expect-error: there is no such path
await api.GET('/api/v1/nothing');
// @ts-expect-error: the connection is missing
await api.POST('/api/v1/finetunings', { body: { alias: 'my_model' } });
// @ts-expect-error: the path parameter is missing
await api.POST('/api/v1/finetunings/{finetuning_id}/cancel', { body: {} });
// @ts-expect-error: not one of the statuses
await api.GET('/api/v1/finetunings', { params: { query: { status: 'done' } } });

const { data } = await api.GET('/api/v1/heartbeat');
// @ts-expect-error: an answer has no such field
data?.time;
