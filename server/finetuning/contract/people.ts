// People of an organization on the wire. The link of an invitation stands in the answer that makes it, and in no other.
import { z } from 'zod';
import { roles } from '../people.ts';
import { scopes } from '../principal.ts';
import { idOf, text, utcTime } from './fields.ts';

export const personId = idOf('Id of the person', '6570a2a0eb4e22533dc45001');
export const invitationId = idOf('Id of the invitation', '6570a2a0eb4e22533dc45002');

const role = z.enum(roles).meta({
  description:
    'What they may do: `admin` everything, and to manage keys and people; `member` to look, start, change and stop; `operator` to look and stop; `viewer` to look.',
  example: 'operator',
});
const forEmail = { description: 'In lower case.', example: 'grace@example.com' };

export const inviteInput = z
  .strictObject({
    email: text(254).trim().toLowerCase().pipe(z.email()).meta(forEmail),
    role,
  })
  .meta({ id: 'Invite', description: 'Who is invited, and what they may do once they have joined.' });

export const roleInput = z.strictObject({ role }).meta({ id: 'SetRole', description: 'Another role for somebody.' });

export const member = z
  .object({
    id: personId,
    name: z.string().meta({ description: 'As receipts show it.', example: 'Grace' }),
    email: z.string().meta(forEmail),
    role,
    created_at: utcTime.meta({ description: 'When they joined; ISO 8601, UTC.' }),
  })
  .meta({ id: 'Member', description: 'Somebody who is in the organization.' });

export const invitation = z
  .object({
    id: invitationId,
    email: z.string().nullable().meta({
      description: 'Null: whoever has the link, which makes the first administrator.',
      example: forEmail.example,
    }),
    role,
    created_by: z.string().meta({ description: 'The name of who made it.', example: 'Ada' }),
    created_at: utcTime,
    expires_at: utcTime,
  })
  .meta({ id: 'Invitation', description: 'An invitation that is open, without the link that lets somebody in.' });

export const madeInvitation = invitation
  .extend({
    link: z.string().meta({
      description: 'Whoever opens it joins, once. Shown this once, and sent to nobody: give it to them.',
      example: 'https://goldtune.example.com/auth/invitation?token=0000000000000000000000000000000000000000000',
    }),
  })
  .meta({ id: 'MadeInvitation', description: 'A new invitation, and its link.' });

export const me = z
  .object({
    who: z.enum(['key', 'person', 'local']).meta({
      description: 'An API key, somebody who is signed in, or whoever is at the machine where neither is needed.',
      example: 'person',
    }),
    id: z.string().meta({ description: 'Of the key or the person.', example: '6570a2a0eb4e22533dc45001' }),
    name: z.string().meta({ description: 'As receipts show it.', example: 'Grace' }),
    organization: z
      .object({
        id: z.string().meta({ description: 'Its id.', example: '000000000000000000000001' }),
        name: z.string().meta({ description: 'What it is called.', example: 'default' }),
      })
      .meta({ description: 'Whose runs and records these are.' }),
    scopes: z.array(z.enum(scopes)).meta({ description: 'What they may do.', example: ['read', 'cancel'] }),
  })
  .meta({ id: 'Me', description: 'Who asks.' });
