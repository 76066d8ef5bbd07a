// The finetuning routes, as the first contract documents them.
import { z } from 'zod';
import { objectId, text } from '../../finetuning/contract/fields.ts';
import {
  cancelInput,
  createInput,
  eventsQuery,
  finetuning,
  listQuery,
  timelineEvent,
  updateInput,
} from '../../finetuning/contract/finetunings.ts';
import { DomainError, invalid, notFound } from '../../finetuning/errors.ts';
import { nextLink } from './paging.ts';
import { preferenceApplied, preferredWait } from './prefer.ts';
import { type Route, route } from './route.ts';

const BASE = '/api/v1/finetunings';
const byId = z.object({ finetuning_id: text.meta({ description: 'Id of the finetuning.' }) });

/** `golden_sqls` is another name of `golden_records`, which published clients use. */
const restFinetuning = finetuning
  .extend({ golden_sqls: finetuning.shape.golden_records })
  .meta({ id: 'RestFinetuning' });
const restCreateInput = createInput
  .extend({ golden_sqls: createInput.shape.golden_records.meta({ description: 'Another name of golden_records.' }) })
  .meta({ id: 'RestCreateFinetuning' });

const withSqls = (view: z.infer<typeof finetuning>) => ({ ...view, golden_sqls: view.golden_records });

const idempotencyHeader = z.object({
  'idempotency-key': z
    .string()
    .max(255)
    .optional()
    .meta({ description: 'Repeating the request with the same key answers with the same record.' }),
});
const preferHeader = z.object({
  prefer: z
    .string()
    .optional()
    .meta({ description: '`wait=N`: seconds to wait for proof; `respond-async`: do not wait.', example: 'wait=10' }),
});

const tag = 'Finetunings' as const;
const notThere = { 404: { description: 'There is no such finetuning.' } };
const ok = { 200: { description: 'The finetuning.', schema: restFinetuning } };

export const finetuningRoutes: Route[] = [
  route(
    'post',
    BASE,
    { body: restCreateInput },
    {
      summary: 'Start a finetuning',
      tag,
      headers: idempotencyHeader,
      responses: {
        201: { description: 'Stored; it is started at once.', schema: restFinetuning },
        404: { description: 'There is no such database connection.' },
        409: { description: 'The Idempotency-Key was used for another request.' },
      },
    },
    async ({ caller, body: { golden_sqls, ...body }, headers }) => {
      const idempotency_key = headers.get('idempotency-key');
      const created = await caller.finetunings.create({
        ...body,
        golden_records: recordsOf(body.golden_records, golden_sqls),
        idempotency_key: idempotency_key === '' ? null : idempotency_key,
      });
      return { status: 201, body: withSqls(created), headers: { location: `${BASE}/${created.id}` } };
    },
  ),

  route(
    'get',
    BASE,
    { query: listQuery },
    {
      summary: 'List finetunings, newest first',
      tag,
      responses: { 200: { description: 'A page.', schema: z.array(restFinetuning) } },
    },
    async ({ caller, query }) => {
      const found = await caller.finetunings.list(query);
      return { body: found.map(withSqls), headers: nextLink(BASE, query, found, query.limit) };
    },
  ),

  route(
    'get',
    `${BASE}/{finetuning_id}`,
    { params: byId },
    { summary: 'Show a finetuning', tag, responses: { ...ok, ...notThere } },
    async ({ caller, params }) => ({
      body: withSqls(await caller.finetunings.get({ id: knownForm(params.finetuning_id) })),
    }),
  ),

  route(
    'put',
    `${BASE}/{finetuning_id}`,
    { params: byId, body: updateInput },
    { summary: 'Change alias or metadata', tag, responses: { ...ok, ...notThere } },
    async ({ caller, params, body }) => ({
      body: withSqls(await caller.finetunings.update({ ...body, id: knownForm(params.finetuning_id) })),
    }),
  ),

  route(
    'post',
    `${BASE}/{finetuning_id}/cancel`,
    { params: byId, body: cancelInput, bodyOptional: true },
    {
      summary: 'Cancel a finetuning',
      description:
        'Stops the training; the finetuning stays in the list. An acknowledged cancel is never lost, and the answer never says `cancelled` before that is proven.',
      tag,
      headers: preferHeader,
      responses: {
        200: { description: 'Proven stopped.', schema: restFinetuning },
        202: { description: 'Stored, not yet proven; it is pursued until it is.', schema: restFinetuning },
        400: { description: 'The run has already succeeded or failed, or path and body name different ids.' },
        ...notThere,
      },
    },
    async ({ caller, params, body, headers }) => {
      const preferred = preferredWait(headers);
      const cancelled = await caller.finetunings.cancel({
        id: namedId(params.finetuning_id, body.finetuning_id ?? null),
        metadata: body.metadata,
        reason: body.reason,
        wait_ms: preferred?.wait_ms,
      });
      return {
        status: cancelled.status === 'cancelled' ? 200 : 202,
        body: withSqls(cancelled),
        headers: preferenceApplied(preferred),
      };
    },
  ),

  route(
    'delete',
    `${BASE}/{finetuning_id}`,
    { params: byId },
    {
      summary: 'Delete a finetuning',
      description: 'Cancels it first, removes its files from the provider, then forgets it.',
      tag,
      headers: preferHeader,
      responses: {
        200: { description: 'Forgotten.', schema: z.object({ status: z.literal(true) }) },
        202: { description: 'Stored, and under way.', schema: z.object({ status: z.literal(true) }) },
        ...notThere,
      },
    },
    async ({ caller, params, headers }) => {
      const preferred = preferredWait(headers);
      const { forgotten } = await caller.finetunings.delete({
        id: knownForm(params.finetuning_id),
        wait_ms: preferred?.wait_ms,
      });
      return { status: forgotten ? 200 : 202, body: { status: true }, headers: preferenceApplied(preferred) };
    },
  ),

  route(
    'get',
    `${BASE}/{finetuning_id}/events`,
    { params: byId, query: eventsQuery },
    {
      summary: 'What happened to a finetuning, oldest first',
      tag,
      responses: { 200: { description: 'A page.', schema: z.array(timelineEvent) }, ...notThere },
    },
    async ({ caller, params, query }) => ({
      body: await caller.finetunings.events({ ...query, id: knownForm(params.finetuning_id) }),
    }),
  ),
];

function recordsOf(golden_records: string[] | null | undefined, golden_sqls: string[] | null | undefined) {
  if (golden_records && golden_sqls && golden_records.join() !== golden_sqls.join()) {
    throw invalid(['body', 'golden_sqls'], 'golden_sqls is another name of golden_records; give only one of them');
  }
  return golden_records ?? golden_sqls;
}

/** An id of another form cannot exist. */
function knownForm(id: string): string {
  if (!objectId.safeParse(id).success) throw notFound('Finetuning', id);
  return id;
}

/** The path names the finetuning; where a generated client sent the path unfilled, the body does. */
function namedId(inPath: string, inBody: string | null): string {
  const unfilled = inPath === '{finetuning_id}';
  if (unfilled && inBody === null) {
    throw new DomainError(
      'mismatch',
      'The path holds a placeholder; put the id into the path, or into finetuning_id of the body.',
    );
  }
  if (!unfilled && inBody !== null && inBody !== inPath) {
    throw new DomainError('mismatch', `The path names ${inPath}, the body ${inBody}; nothing was cancelled.`);
  }
  return knownForm(unfilled && inBody !== null ? inBody : inPath);
}
