// The finetuning routes, as the first contract documents them.
import { isTrackedEnvelope } from '@trpc/server';
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
import { isTerminal } from '../../finetuning/lifecycle/state.ts';
import { nextLink } from './paging.ts';
import { preferenceApplied, preferredWait } from './prefer.ts';
import { type Route, route, type ServerSentEvent } from './route.ts';

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

const lastEventHeader = z.object({
  'last-event-id': z
    .string()
    .optional()
    .meta({ description: 'Of a stream: the last event that was received.', example: '4' }),
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
      description:
        'With `Accept: text/event-stream` the events come as they happen, until the run has ended; a reader that comes back with `Last-Event-ID` misses none and gets none twice. A stream that has nothing more to give answers 204, upon which an EventSource stays away.',
      tag,
      headers: lastEventHeader,
      responses: {
        200: { description: 'A page, or the stream.', schema: z.array(timelineEvent), stream: timelineEvent },
        204: { description: 'Of a stream: the run has ended, and all of its events were given before.' },
        ...notThere,
      },
    },
    async ({ caller, params, query, headers }) => {
      const id = knownForm(params.finetuning_id);
      if (!headers.get('accept')?.includes('text/event-stream')) {
        return { body: await caller.finetunings.events({ ...query, id }) };
      }
      const lastEventId = lastEventIdOf(headers) ?? query.after;
      const { status } = await caller.finetunings.get({ id });
      const isOver = isTerminal(status);
      if (isOver && (await caller.finetunings.events({ id, after: lastEventId, limit: 1 })).length === 0) {
        return { ended: true };
      }
      return { stream: serverSentEvents(await caller.finetunings.watch({ id, lastEventId })) };
    },
  ),
];

function recordsOf(golden_records: string[] | null | undefined, golden_sqls: string[] | null | undefined) {
  if (golden_records && golden_sqls && golden_records.join() !== golden_sqls.join()) {
    throw invalid(['body', 'golden_sqls'], 'golden_sqls is another name of golden_records; give only one of them');
  }
  return golden_records ?? golden_sqls;
}

/** Where a stream that was cut goes on. */
function lastEventIdOf(headers: Headers): number | null {
  const given = headers.get('last-event-id');
  if (given === null || given === '') return null;
  if (!/^\d{1,9}$/.test(given))
    throw invalid(['header', 'last-event-id'], 'must be the id of an event, a whole number');
  return Number(given);
}

/** Called in this process, the procedure gives the envelopes themselves, which its type does not say. */
async function* serverSentEvents(events: AsyncIterable<unknown>): AsyncGenerator<ServerSentEvent> {
  for await (const item of events) {
    if (!isTrackedEnvelope<z.infer<typeof timelineEvent>>(item)) throw new TypeError('an event of watch has no id');
    const [id, event] = item;
    yield { id, event: event.type, data: event };
  }
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
