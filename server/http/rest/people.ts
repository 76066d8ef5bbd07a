// People of the organization: listed, given another role, removed, by who has the scope `admin`.
import { z } from 'zod';
import { givenId, pageQuery } from '../../finetuning/contract/fields.ts';
import { member, personId, roleInput } from '../../finetuning/contract/people.ts';
import { warned } from '../fields/warnings.ts';
import { NO_STORE, noStoreHeader } from '../no-store.ts';
import { changedMember, examplesOfRole, memberPage, removed } from './examples/people.ts';
import { knownForm } from './known-form.ts';
import { linkHeader, nextLink } from './paging.ts';
import { type Route, route } from './route.ts';

const BASE = '/api/v1/people';
const byId = z.object({ id: givenId(personId) });
const tag = 'People' as const;
const NEEDS = 'Needs the scope `admin`.';

export const peopleRoutes: Route[] = [
  route(
    'get',
    BASE,
    { query: pageQuery },
    {
      operationId: 'listPeople',
      summary: 'List who is in the organization, newest first',
      description: `Each with their role here. Where there is more, \`Link\` leads to it. ${NEEDS}`,
      tag,
      answers: {
        200: {
          description: 'A page.',
          schema: z.array(member),
          examples: { page: memberPage },
          headers: linkHeader.extend(noStoreHeader.shape),
        },
      },
      errors: [],
    },
    async ({ caller, query }) => {
      const found = await caller.people.list(query);
      return { body: found, headers: { ...(await nextLink(query, found, caller.people.list)), ...NO_STORE } };
    },
  ),

  route(
    'put',
    `${BASE}/{id}`,
    { params: byId, body: roleInput },
    {
      operationId: 'updatePerson',
      summary: 'Give somebody another role',
      description: `It counts from their next request on. Refused where no administrator would be left. ${NEEDS}`,
      tag,
      examples: examplesOfRole,
      answers: {
        200: { description: 'Changed.', schema: member, examples: { changed: changedMember }, headers: noStoreHeader },
      },
      errors: ['not_found'],
    },
    async ({ caller, params, body }) => ({
      body: await caller.people.setRole({ ...body, id: knownForm('Person', params.id) }),
      headers: NO_STORE,
    }),
  ),

  route(
    'delete',
    `${BASE}/{id}`,
    { params: byId },
    {
      operationId: 'deletePerson',
      summary: 'Remove somebody from the organization',
      description: `No cookie of theirs opens anything here from now on; a stream that is open ends some seconds later. Who is in no other organization is forgotten. Keys and open invitations that they have made stay: look for their name under \`created_by\`. Refused where no administrator would be left. ${NEEDS}`,
      tag,
      answers: {
        200: { description: 'Removed.', schema: member.and(warned), examples: { removed }, headers: noStoreHeader },
      },
      errors: ['not_found'],
    },
    async ({ caller, params }) => ({
      body: await caller.people.remove({ id: knownForm('Person', params.id) }),
      headers: NO_STORE,
    }),
  ),
];
