// Bulk cancels: what one would stop, many runs stopped by one wish, and what has become of them.
import { z } from 'zod';
import {
  bulkCancel,
  bulkCancelId,
  bulkCancelInput,
  bulkCancelPreview,
  bulkRun,
} from '../../finetuning/contract/bulk-cancels.ts';
import { givenId, pageQuery } from '../../finetuning/contract/fields.ts';
import { begun, bulkPage, ended, examplesOfBulkCancel, previewed, runPage } from './examples/bulk-cancels.ts';
import { idempotencyHeader, isReplayed, replayedHeader } from './idempotency.ts';
import { knownForm } from './known-form.ts';
import { locationHeader, locationOf } from './location.ts';
import { linkHeader, nextLink } from './paging.ts';
import { type Route, route } from './route.ts';

const BASE = '/api/v1/bulk-cancels';
const byId = z.object({ id: givenId(bulkCancelId) });
const tag = 'Bulk cancels' as const;

export const bulkCancelRoutes: Route[] = [
  route(
    'post',
    BASE,
    { headers: idempotencyHeader, body: bulkCancelInput },
    {
      operationId: 'cancelFinetunings',
      summary: 'Cancel many finetunings by one wish',
      description:
        'The runs that it takes in are kept first, as a record of its own; from then on each of them is stopped, whatever happens to the server, and none that was started later. The answer says how far that is, and goes on being true: nothing counts as `cancelled` before it is proven. With `dry_run` it says what would be stopped, and changes nothing. With an `Idempotency-Key` it may be sent again after a lost answer; without one, asking twice stops nothing more than asking once, and makes two records.',
      tag,
      examples: examplesOfBulkCancel,
      answers: {
        200: {
          description: 'Of a `dry_run`: what would be stopped.',
          schema: bulkCancelPreview,
          examples: { previewed },
        },
        201: {
          description: 'Kept; each run that it takes in is stopped.',
          schema: bulkCancel,
          examples: { begun },
          headers: locationHeader.extend(replayedHeader.shape),
        },
      },
      errors: ['idempotency_conflict'],
    },
    async ({ caller, body, headers }) => {
      const answer = await caller.finetunings.bulkCancel({ ...body, idempotency_key: headers['Idempotency-Key'] });
      if (answer.dry_run) return { body: answer };
      const { dry_run: _, replayed, ...made } = answer;
      return { status: 201, body: made, headers: { ...locationOf(BASE, made), ...isReplayed(replayed) } };
    },
  ),

  route(
    'get',
    BASE,
    { query: pageQuery },
    {
      operationId: 'listBulkCancels',
      summary: 'List bulk cancels, newest first',
      description: 'Where there is more, `Link` leads to it.',
      tag,
      answers: {
        200: {
          description: 'A page.',
          schema: z.array(bulkCancel),
          examples: { page: bulkPage },
          headers: linkHeader,
        },
      },
      errors: [],
    },
    async ({ caller, query }) => {
      const found = await caller.bulkCancels.list(query);
      return { body: found, headers: await nextLink(query, found, caller.bulkCancels.list) };
    },
  ),

  route(
    'get',
    `${BASE}/{id}`,
    { params: byId },
    {
      operationId: 'getBulkCancel',
      summary: 'Show a bulk cancel',
      description: 'How many of its runs have come to what by now.',
      tag,
      answers: { 200: { description: 'The bulk cancel.', schema: bulkCancel, examples: { ended } } },
      errors: ['not_found'],
    },
    async ({ caller, params }) => ({
      body: await caller.bulkCancels.get({ id: knownForm('Bulk cancel', params.id) }),
    }),
  ),

  route(
    'get',
    `${BASE}/{id}/runs`,
    { params: byId, query: pageQuery },
    {
      operationId: 'listBulkCancelRuns',
      summary: 'What has become of each run of a bulk cancel',
      description: 'Newest first. Where there is more, `Link` leads to it.',
      tag,
      answers: {
        200: { description: 'A page.', schema: z.array(bulkRun), examples: { page: runPage }, headers: linkHeader },
      },
      errors: ['not_found'],
    },
    async ({ caller, params, query }) => {
      const id = knownForm('Bulk cancel', params.id);
      const found = await caller.bulkCancels.runs({ ...query, id });
      const next = (page: typeof query) => caller.bulkCancels.runs({ ...page, id });
      return { body: found, headers: await nextLink(query, found, next) };
    },
  ),
];
