// Example entries of the audit, as a page and as lines.
import type { z } from 'zod';
import type { auditEntry } from '../../../finetuning/contract/audit.ts';

const about = { kind: 'finetuning' as const, id: '6579eb79eb4e22533dc43fe0' };

const entries: z.infer<typeof auditEntry>[] = [
  {
    id: '019aa2bdf1d06579eb79eb4e22533dc43fe000000007',
    created_at: '2026-11-20T17:42:02.640Z',
    type: 'cancel_requested',
    message: 'Cancellation requested.',
    by: { who: 'key', id: '656a1c10eb4e22533dc44001', name: 'on call', from: '192.0.2.7' },
    about,
    event_id: 7,
  },
  {
    id: '019aa2b87f5f6579eb79eb4e22533dc43fe000000001',
    created_at: '2026-11-20T17:35:53.263Z',
    type: 'created',
    message: 'Created with 17 examples, 1,248 tokens.',
    by: { who: 'key', id: '656a1c10eb4e22533dc44002', name: 'ci', from: '198.51.100.20' },
    about,
    event_id: 1,
  },
];

export const auditPage = { summary: 'Who started a run, and who stopped it', value: entries };

export const auditLines = {
  summary: 'The same, a line each',
  value: entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''),
};
