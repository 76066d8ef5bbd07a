// An example timeline, as a page and as a stream.
import type { z } from 'zod';
import type { timelineEvent } from '../../../finetuning/contract/finetunings.ts';

const events: z.infer<typeof timelineEvent>[] = [
  {
    id: 1,
    type: 'created',
    message: 'Created with 17 examples, 1,248 tokens.',
    status: 'queued',
    progress: null,
    by: { who: 'key', id: '656a1c10eb4e22533dc44001', name: 'on call', from: '192.0.2.7' },
    created_at: '2026-11-20T17:35:53.263Z',
  },
  {
    id: 2,
    type: 'upload_started',
    message: 'Uploading the training file.',
    status: null,
    progress: null,
    by: null,
    created_at: '2026-11-20T17:35:53.301Z',
  },
];

export const eventPage = { summary: 'The first two events', value: events };

export const eventStream = {
  summary: 'The same two, as they happen',
  value: ['retry: 1000\n\n', ...events.map((event) => `data: ${JSON.stringify(event)}\nid: ${event.id}\n\n`)].join(''),
};
