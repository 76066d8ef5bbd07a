// Example entries of the audit, as a page and as lines.
import type { z } from 'zod';
import type { auditEntry } from '../../../finetuning/contract/audit.ts';

const about = { kind: 'finetuning', id: '6579eb79eb4e22533dc43fe0' };

const entries: z.infer<typeof auditEntry>[] = [
  {
    id: '01a1fa10c7c8656a1c10eb4e22533dc4401100000000',
    created_at: '2026-11-20T17:46:06.152Z',
    type: 'key_revoked',
    message: 'API key "ci" revoked.',
    by: { who: 'key', id: '656a1c10eb4e22533dc44001', name: 'on call', from: '192.0.2.7' },
    about: { kind: 'key', id: '656a1c10eb4e22533dc44002' },
    event_id: null,
  },
  {
    id: '01a1fa0d10906579eb79eb4e22533dc43fe000000007',
    created_at: '2026-11-20T17:42:02.640Z',
    type: 'cancel_requested',
    message: 'Cancellation requested.',
    by: { who: 'key', id: '656a1c10eb4e22533dc44001', name: 'on call', from: '192.0.2.7' },
    about,
    event_id: 7,
  },
  {
    id: '01a1fa076daf6579eb79eb4e22533dc43fe000000001',
    created_at: '2026-11-20T17:35:53.263Z',
    type: 'created',
    message: 'Created with 17 examples, 1,248 tokens.',
    by: { who: 'key', id: '656a1c10eb4e22533dc44002', name: 'ci', from: '198.51.100.20' },
    about,
    event_id: 1,
  },
];

export const auditPage = {
  summary: 'Who started a run, who stopped it, and who revoked the key that had started it',
  value: entries,
};

export const auditLines = {
  summary: 'The same, a line each',
  value: entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''),
};
