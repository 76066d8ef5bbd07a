// What happened to a finetuning: as a page, or as a stream that a reader can come back to.
import { isTrackedEnvelope } from '@trpc/server';
import { z } from 'zod';
import { eventsQuery, timelineEvent } from '../../finetuning/contract/finetunings.ts';
import { isTerminal } from '../../finetuning/lifecycle/state.ts';
import { eventPage, eventStream } from './examples/events.ts';
import { BASE, byId } from './finetuning-schemas.ts';
import { knownForm } from './known-form.ts';
import { type Route, route, type ServerSentEvent } from './route.ts';

const lastEventHeader = z.object({
  'Last-Event-ID': z
    .string()
    // Some readers send it before they have one.
    .regex(/^\d{0,9}$/, 'must be the id of an event, a whole number')
    .transform((id) => (id === '' ? undefined : Number(id)))
    .optional()
    .meta({ description: 'Of a stream: the last event that was received.', example: '4' }),
});

export const eventRoutes: Route[] = [
  route(
    'get',
    `${BASE}/{finetuning_id}/events`,
    { params: byId, query: eventsQuery, headers: lastEventHeader },
    {
      operationId: 'listFinetuningEvents',
      summary: 'What happened to a finetuning, oldest first',
      description:
        'With `Accept: text/event-stream` the events come as they happen, until the run has ended; a reader that comes back with `Last-Event-ID` misses none and gets none twice. A stream that has nothing more to give answers 204, upon which an EventSource stays away.',
      tag: 'Finetunings',
      answers: {
        200: {
          description: 'A page, or the stream: one message an event, its `data` the event as JSON.',
          schema: z.array(timelineEvent),
          examples: { page: eventPage },
          stream: { stream: eventStream },
        },
        204: { description: 'Of a stream: the run has ended, and all of its events were given before.' },
      },
      errors: ['not_found'],
    },
    async ({ caller, params, query, headers, wantsStream }) => {
      const id = knownForm('Finetuning', params.finetuning_id);
      if (!wantsStream) return { body: await caller.finetunings.events({ ...query, id }) };
      const lastEventId = headers['Last-Event-ID'] ?? query.after;
      const { status } = await caller.finetunings.get({ id });
      const isOver = isTerminal(status);
      if (isOver && (await caller.finetunings.events({ id, after: lastEventId, limit: 1 })).length === 0) {
        return { ended: true };
      }
      return { stream: serverSentEvents(await caller.finetunings.watch({ id, lastEventId })) };
    },
  ),
];

/** Called in this process, the procedure gives the envelopes themselves, which its type does not say. */
async function* serverSentEvents(events: AsyncIterable<unknown>): AsyncGenerator<ServerSentEvent> {
  for await (const item of events) {
    if (!isTrackedEnvelope<z.infer<typeof timelineEvent>>(item)) throw new TypeError('an event of watch has no id');
    const [id, event] = item;
    yield { id, data: event };
  }
}
