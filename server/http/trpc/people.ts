// people.*: translated to the service, nothing decided here.
import { z } from 'zod';
import { objectId, pageQuery } from '../../finetuning/contract/fields.ts';
import { invitation, inviteInput, madeInvitation, member, roleInput } from '../../finetuning/contract/people.ts';
import { warned } from '../fields/warnings.ts';
import { changing, reading, router, stopping } from './base.ts';

const one = z.strictObject({ id: objectId });
const someone = z.object(one.shape);

export const people = router({
  list: reading(pageQuery.prefault({}), 'admin')
    .meta({
      description:
        'Who is in this organization, newest first, a page at a time: pass the last id as `after`, until a page is empty. Needs the scope admin.',
    })
    .output(z.array(member))
    .query(({ ctx, input }) => ctx.service.people.list(input)),

  invite: changing(inviteInput, 'admin')
    .meta({
      description:
        'Makes a link by which one person joins, within seven days; nothing is e-mailed. It stands in this answer and nowhere else, and takes the place of an open invitation of the same e-mail. With an OpenID provider, that e-mail joins by signing in there too. Fails with invalid where somebody with it is in the organization already. Needs the scope admin.',
    })
    .output(madeInvitation)
    .mutation(({ ctx, input }) => ctx.service.people.invite(input)),

  setRole: changing(roleInput.extend(one.shape), 'admin')
    .meta({
      description:
        'Gives somebody another role, which counts from their next request on. Fails with invalid where no administrator would be left. Needs the scope admin.',
    })
    .output(member)
    .mutation(({ ctx, input: { id, role } }) => ctx.service.people.setRole(id, role)),

  remove: stopping(someone, 'admin')
    .meta({
      description:
        'Takes somebody out of this organization: from now on no cookie of theirs opens anything here. Who is in no other is forgotten altogether. Keys that they have made stay: look for their name under `created_by`. Fails with invalid where no administrator would be left. Needs the scope admin.',
    })
    .output(member.and(warned))
    .mutation(({ ctx, input }) => ctx.service.people.remove(input.id)),

  invitations: reading(pageQuery.prefault({}), 'admin')
    .meta({ description: 'Those that are open, newest first, a page at a time, as `list`. Needs the scope admin.' })
    .output(z.array(invitation))
    .query(({ ctx, input }) => ctx.service.people.invitations(input)),

  revokeInvitation: stopping(someone, 'admin')
    .meta({
      description:
        'From now on its link opens nothing. Fails with not_found where it is open no more. Needs the scope admin.',
    })
    .output(invitation.and(warned))
    .mutation(({ ctx, input }) => ctx.service.people.revokeInvitation(input.id)),
});
