// Webhook endpoints: where changes of runs are told, and the secrets that prove who tells them.
import { z } from 'zod';
import { givenId, pageQuery } from '../../finetuning/contract/fields.ts';
import {
  createInput,
  endpointWithSecret,
  rotateInput,
  updateInput,
  webhookEndpoint,
  webhookEndpointId,
} from '../../finetuning/contract/webhook-endpoints.ts';
import { NO_STORE, noStoreHeader } from '../no-store.ts';
import { done, isDone } from './done.ts';
import {
  disabled,
  endpoint,
  endpointPage,
  examplesOfAdd,
  examplesOfChange,
  examplesOfRotate,
  madeEndpoint,
  rotated,
} from './examples/webhooks.ts';
import { knownForm } from './known-form.ts';
import { locationHeader, locationOf } from './location.ts';
import { linkHeader, nextLink } from './paging.ts';
import { type Route, route } from './route.ts';

export const BASE = '/api/v1/webhook-endpoints';
export const byId = z.object({ id: givenId(webhookEndpointId) });
export const known = ({ id }: { id: string }) => knownForm('Webhook endpoint', id);
const tag = 'Webhooks' as const;

export const webhookEndpointRoutes: Route[] = [
  route(
    'post',
    BASE,
    { body: createInput },
    {
      operationId: 'createWebhookEndpoint',
      summary: 'Add a webhook endpoint',
      description:
        'Changes of runs are told to it from now on, by POST, signed as Standard Webhooks has it. The secret is answered here and never again.',
      tag,
      examples: examplesOfAdd,
      answers: {
        201: {
          description: 'Stored.',
          schema: endpointWithSecret,
          examples: { made: madeEndpoint },
          headers: locationHeader.extend(noStoreHeader.shape),
        },
      },
      errors: [],
    },
    async ({ caller, body }) => {
      const created = await caller.webhookEndpoints.create(body);
      return { status: 201, body: created, headers: { ...locationOf(BASE, created), ...NO_STORE } };
    },
  ),

  route(
    'get',
    BASE,
    { query: pageQuery },
    {
      operationId: 'listWebhookEndpoints',
      summary: 'List webhook endpoints, newest first',
      description: 'Without their secrets.',
      tag,
      answers: {
        200: {
          description: 'A page.',
          schema: z.array(webhookEndpoint),
          examples: { page: endpointPage },
          headers: linkHeader,
        },
      },
      errors: [],
    },
    async ({ caller, query }) => {
      const found = await caller.webhookEndpoints.list(query);
      return { body: found, headers: await nextLink(query, found, caller.webhookEndpoints.list) };
    },
  ),

  route(
    'get',
    `${BASE}/{id}`,
    { params: byId },
    {
      operationId: 'getWebhookEndpoint',
      summary: 'Show a webhook endpoint',
      description: 'Without its secret.',
      tag,
      answers: { 200: { description: 'The endpoint.', schema: webhookEndpoint, examples: { endpoint } } },
      errors: ['not_found'],
    },
    async ({ caller, params }) => ({ body: await caller.webhookEndpoints.get({ id: known(params) }) }),
  ),

  route(
    'put',
    `${BASE}/{id}`,
    { params: byId, body: updateInput },
    {
      operationId: 'updateWebhookEndpoint',
      summary: 'Change a webhook endpoint',
      description: 'What is left out stays. What was written for it before is sent to the new address.',
      tag,
      examples: examplesOfChange,
      answers: {
        200: { description: 'The endpoint as it is now.', schema: webhookEndpoint, examples: { disabled } },
      },
      errors: ['not_found'],
    },
    async ({ caller, params, body }) => ({
      body: await caller.webhookEndpoints.update({ ...body, id: known(params) }),
    }),
  ),

  route(
    'delete',
    `${BASE}/{id}`,
    { params: byId },
    {
      operationId: 'deleteWebhookEndpoint',
      summary: 'Delete a webhook endpoint',
      description: 'Its secrets are removed with it, and what waits for it is not sent.',
      tag,
      answers: { 200: { description: 'Deleted.', schema: isDone, examples: { done } } },
      errors: ['not_found'],
    },
    async ({ caller, params }) => ({ body: await caller.webhookEndpoints.delete({ id: known(params) }) }),
  ),

  route(
    'post',
    `${BASE}/{id}/rotate-secret`,
    { params: byId, body: rotateInput, bodyOptional: true },
    {
      operationId: 'rotateWebhookSecret',
      summary: 'Replace the secret of a webhook endpoint',
      description:
        'The new one is answered here and never again. For the overlap, each webhook has a signature by either; one replaced before that is dropped at once.',
      tag,
      examples: examplesOfRotate,
      answers: {
        200: {
          description: 'The new secret.',
          schema: endpointWithSecret,
          examples: { rotated },
          headers: noStoreHeader,
        },
      },
      errors: ['not_found'],
    },
    async ({ caller, params, body }) => ({
      body: await caller.webhookEndpoints.rotateSecret({ ...body, id: known(params) }),
      headers: NO_STORE,
    }),
  ),
];
