// Example API keys. None of them opens anything: their texts are too plain to be real.
import type { z } from 'zod';
import type { apiKey, madeKey } from '../../../finetuning/contract/keys.ts';

const onCall: z.infer<typeof apiKey> = {
  id: '656a1c10eb4e22533dc44001',
  name: 'on call',
  scopes: ['read', 'cancel'],
  hint: 'goldtune_4fQx',
  standing: 'valid',
  created_by: 'admin',
  created_at: '2026-12-01T17:50:24.118Z',
  expires_at: '2027-03-01T00:00:00.000Z',
  last_used_at: null,
  revoked_at: null,
  replaced_by: null,
};
const { name, scopes, expires_at } = onCall;
const withText = (key: z.infer<typeof apiKey>): z.infer<typeof madeKey> => ({ ...key, key: key.hint.padEnd(52, '0') });

const successor: z.infer<typeof apiKey> = {
  ...onCall,
  id: '65c4b0a0eb4e22533dc44002',
  hint: 'goldtune_9mKe',
  created_at: '2027-02-08T10:44:48.000Z',
  expires_at: '2027-05-08T16:54:23.882Z',
};
const replaced = {
  ...onCall,
  last_used_at: '2027-02-08T10:40:00.000Z',
  expires_at: '2027-02-09T10:44:48.000Z',
  replaced_by: successor.id,
};

export const examplesOfCreate = {
  least: { summary: 'May stop runs, and nothing else', value: { name: 'watchdog', scopes: ['cancel'] } },
  whole: { summary: 'May look and stop, until a day in March', value: { name, scopes, expires_at } },
};
export const examplesOfRotate = {
  usual: { summary: 'Both open for a day', value: {} },
  once: { summary: 'The old one opens nothing from now on', value: { overlap_ms: 0 } },
};

export const made = { summary: 'The key, and its text', value: withText(onCall) };
export const rotated = {
  summary: 'Another key in its place',
  value: { ...withText(successor), replaces: replaced },
};
export const revoked = {
  summary: 'It opens nothing any more',
  value: { ...onCall, standing: 'revoked', revoked_at: '2026-12-03T09:12:40.502Z' },
};
export const keyPage = { summary: 'One key', value: [onCall] };
