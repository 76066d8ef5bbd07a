// Example people and invitations.
import type { z } from 'zod';
import type { invitation, me, member } from '../../../finetuning/contract/people.ts';

const grace: z.infer<typeof member> = {
  id: '6570a2a0eb4e22533dc45001',
  name: 'Grace',
  email: 'grace@example.com',
  role: 'operator',
  created_at: '2026-12-06T16:34:40.221Z',
};
const open: z.infer<typeof invitation> = {
  id: '6570a1f0eb4e22533dc45002',
  email: grace.email,
  role: grace.role,
  created_by: 'Ada',
  created_at: '2026-12-06T16:31:44.006Z',
  expires_at: '2026-12-13T16:31:44.006Z',
};
const signedIn: z.infer<typeof me> = {
  who: 'person',
  id: grace.id,
  name: grace.name,
  organization: { id: '000000000000000000000001', name: 'default' },
  scopes: ['read', 'cancel'],
};

export const examplesOfInvite = {
  usual: { summary: 'May look and stop', value: { email: open.email, role: open.role } },
};
export const examplesOfRole = { usual: { summary: 'May start runs from now on', value: { role: 'member' } } };

export const invited = {
  summary: 'An invitation, and its link',
  value: { ...open, link: `https://goldtune.example.com/auth/invitation?token=${'0'.repeat(43)}` },
};
export const invitationPage = { summary: 'One invitation', value: [open] };
export const revokedInvitation = { summary: 'Its link opens nothing any more', value: open };
export const memberPage = { summary: 'One person', value: [grace] };
export const changedMember = { summary: 'With another role', value: { ...grace, role: 'member' } };
export const removed = { summary: 'As they were', value: grace };
export const whoAsks = { summary: 'Somebody who is signed in', value: signedIn };
