// API keys: made, listed, rotated and revoked, by who has the scope `admin`.
import { z } from 'zod';
import { givenId, pageQuery } from '../../finetuning/contract/fields.ts';
import { apiKey, createInput, keyId, madeKey, rotatedKey, rotateInput } from '../../finetuning/contract/keys.ts';
import { warned } from '../fields/warnings.ts';
import { NO_STORE, noStoreHeader } from '../no-store.ts';
import { examplesOfCreate, examplesOfRotate, keyPage, made, revoked, rotated } from './examples/keys.ts';
import { knownForm } from './known-form.ts';
import { linkHeader, nextLink } from './paging.ts';
import { type Route, route } from './route.ts';

const BASE = '/api/v1/keys';
const byId = z.object({ id: givenId(keyId) });
const tag = 'Keys' as const;
const NEEDS = 'Needs the scope `admin`.';

export const keyRoutes: Route[] = [
  route(
    'post',
    BASE,
    { body: createInput },
    {
      operationId: 'createKey',
      summary: 'Make an API key',
      description: `For this organization. Its text is in this answer and nowhere else, so there is no Idempotency-Key here: it could not be shown again. Where the answer was lost, look for the key in the list, revoke it, and make another one. No key is made that may do more than the one that asks. ${NEEDS}`,
      tag,
      examples: examplesOfCreate,
      answers: {
        201: { description: 'Made.', schema: madeKey, examples: { made }, headers: noStoreHeader },
      },
      errors: [],
    },
    async ({ caller, body }) => ({ status: 201, body: await caller.keys.create(body), headers: NO_STORE }),
  ),

  route(
    'get',
    BASE,
    { query: pageQuery },
    {
      operationId: 'listKeys',
      summary: 'List API keys, newest first',
      description: `Without what opens; those that were revoked, have expired or were replaced too. Where there is more, \`Link\` leads to it. ${NEEDS}`,
      tag,
      answers: {
        200: {
          description: 'A page.',
          schema: z.array(apiKey),
          examples: { page: keyPage },
          headers: linkHeader.extend(noStoreHeader.shape),
        },
      },
      errors: [],
    },
    async ({ caller, query }) => {
      const found = await caller.keys.list(query);
      return { body: found, headers: { ...(await nextLink(query, found, caller.keys.list)), ...NO_STORE } };
    },
  ),

  route(
    'post',
    `${BASE}/{id}/rotate`,
    { params: byId, body: rotateInput, bodyOptional: true },
    {
      operationId: 'rotateKey',
      summary: 'Replace an API key, with an overlap',
      description: `Makes a key that may do the same for as long as the old one was to open, which goes on opening for a while. Its text is in this answer and nowhere else. Refused where the old one opens nothing any more, or was replaced before. ${NEEDS}`,
      tag,
      examples: examplesOfRotate,
      answers: {
        201: { description: 'Another key.', schema: rotatedKey, examples: { rotated }, headers: noStoreHeader },
      },
      errors: ['not_found'],
    },
    async ({ caller, params, body }) => ({
      status: 201,
      body: await caller.keys.rotate({ ...body, id: knownForm('API key', params.id) }),
      headers: NO_STORE,
    }),
  ),

  route(
    'delete',
    `${BASE}/{id}`,
    { params: byId },
    {
      operationId: 'revokeKey',
      summary: 'Revoke an API key',
      description: `It opens nothing from now on; in another process of the server it may for five seconds more. Revoked twice, the first time is kept. It stays in the list. ${NEEDS}`,
      tag,
      answers: {
        200: {
          description: 'Revoked.',
          schema: apiKey.and(warned),
          examples: { revoked },
          headers: noStoreHeader,
        },
      },
      errors: ['not_found'],
    },
    async ({ caller, params }) => ({
      body: await caller.keys.revoke({ id: knownForm('API key', params.id) }),
      headers: NO_STORE,
    }),
  ),
];
