// What happened to a finetuning: as a page, or as a stream that a reader can come back to.
import { isTrackedEnvelope } from '@trpc/server';
import { z } from 'zod';
import { eventsQuery, LARGEST_EVENT_ID, timelineEvent } from '../../finetuning/contract/finetunings.ts';
import { NOTHING_MORE } from '../trpc/streaming.ts';
import { eventPage, eventStream } from './examples/events.ts';
import { BASE, byId } from './finetuning-schemas.ts';
import { knownForm } from './known-form.ts';
import { linkHeader, nextLink } from './paging.ts';
import { type Route, route, type ServerSentEvent } from './route.ts';

const lastEventHeader = z.object({
  'Last-Event-ID': z
    .string()
    .max(10)
    .regex(/^\d*$/, 'must be the id of an event, a whole number')
    // Some readers send it before they have one.
    .transform((id) => (id === '' ? undefined : Number(id)))
    .pipe(z.number().max(LARGEST_EVENT_ID).optional())
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
        'A page holds about 1 MB and may be shorter than `limit`: where there is more, `Link` leads to it. With `Accept: text/event-stream` the events come as they happen, until the run has ended; a reader that comes back with `Last-Event-ID` misses none and gets none twice. A stream that has nothing more to give answers 204, upon which an EventSource stays away. One whose key is revoked, expires or may no longer read ends with a comment that says so; whoever comes back is answered 401 or 403. One that finds all streams taken that the server holds (`MAX_STREAMS`) is refused with 503.',
      tag: 'Finetunings',
      answers: {
        200: {
          description: 'A page, or the stream: one message an event, its `data` the event as JSON.',
          schema: z.array(timelineEvent),
          examples: { page: eventPage },
          headers: linkHeader,
          stream: { stream: eventStream },
        },
        204: { description: 'Of a stream: the run has ended, and all of its events were given before.' },
      },
      errors: ['not_found'],
    },
    async ({ caller, params, query, headers, wantsStream }) => {
      const id = knownForm('Finetuning', params.finetuning_id);
      if (!wantsStream) {
        const page = (next: typeof query) => caller.finetunings.events({ ...next, id });
        const found = await page(query);
        return { body: found, headers: await nextLink(query, found, page) };
      }
      const events = await caller.finetunings.watch({ id, lastEventId: headers['Last-Event-ID'] ?? query.after });
      return events === NOTHING_MORE ? { ended: true } : { stream: serverSentEvents(events) };
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
