// Invitations to the organization: made, listed, revoked, by who has the scope `admin`.
import { z } from 'zod';
import { givenId, pageQuery } from '../../finetuning/contract/fields.ts';
import { invitation, invitationId, inviteInput, madeInvitation } from '../../finetuning/contract/people.ts';
import { warned } from '../fields/warnings.ts';
import { NO_STORE, noStoreHeader } from '../no-store.ts';
import { examplesOfInvite, invitationPage, invited, revokedInvitation } from './examples/people.ts';
import { knownForm } from './known-form.ts';
import { linkHeader, nextLink } from './paging.ts';
import { type Route, route } from './route.ts';

const BASE = '/api/v1/invitations';
const byId = z.object({ id: givenId(invitationId) });
const tag = 'People' as const;
const NEEDS = 'Needs the scope `admin`.';

export const invitationRoutes: Route[] = [
  route(
    'post',
    BASE,
    { body: inviteInput },
    {
      operationId: 'createInvitation',
      summary: 'Invite somebody to the organization',
      description: `Makes a link by which one person joins, within seven days; nothing is e-mailed. It stands in this answer and nowhere else, so there is no Idempotency-Key here. It takes the place of an open invitation of the same e-mail. Where there is an OpenID provider, that e-mail joins by signing in there too. Refused where somebody with it is in the organization already, or where people are not set up. ${NEEDS}`,
      tag,
      examples: examplesOfInvite,
      answers: {
        201: { description: 'Invited.', schema: madeInvitation, examples: { invited }, headers: noStoreHeader },
      },
      errors: [],
    },
    async ({ caller, body }) => ({ status: 201, body: await caller.people.invite(body), headers: NO_STORE }),
  ),

  route(
    'get',
    BASE,
    { query: pageQuery },
    {
      operationId: 'listInvitations',
      summary: 'List the open invitations, newest first',
      description: `Without their links. Where there is more, \`Link\` leads to it. ${NEEDS}`,
      tag,
      answers: {
        200: {
          description: 'A page.',
          schema: z.array(invitation),
          examples: { page: invitationPage },
          headers: linkHeader.extend(noStoreHeader.shape),
        },
      },
      errors: [],
    },
    async ({ caller, query }) => {
      const found = await caller.people.invitations(query);
      return { body: found, headers: { ...(await nextLink(query, found, caller.people.invitations)), ...NO_STORE } };
    },
  ),

  route(
    'delete',
    `${BASE}/{id}`,
    { params: byId },
    {
      operationId: 'revokeInvitation',
      summary: 'Revoke an invitation',
      description: `Its link opens nothing from now on. ${NEEDS}`,
      tag,
      answers: {
        200: {
          description: 'Revoked.',
          schema: invitation.and(warned),
          examples: { revoked: revokedInvitation },
          headers: noStoreHeader,
        },
      },
      errors: ['not_found'],
    },
    async ({ caller, params }) => ({
      body: await caller.people.revokeInvitation({ id: knownForm('Invitation', params.id) }),
      headers: NO_STORE,
    }),
  ),
];
