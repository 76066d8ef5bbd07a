// The finetuning routes, as the first contract documents them: start, list, show, change.
import { z } from 'zod';
import { listQuery, updateInput } from '../../finetuning/contract/finetunings.ts';
import { invalid } from '../../finetuning/errors.ts';
import { created, examplesOfCreate, examplesOfUpdate, running, updated } from './examples/finetunings.ts';
import { answeredFinetuning, BASE, byId, restCreateInput, restFinetuning, withSqls } from './finetuning-schemas.ts';
import { idempotencyHeader, isReplayed, replayedHeader } from './idempotency.ts';
import { knownForm } from './known-form.ts';
import { locationHeader, locationOf } from './location.ts';
import { linkHeader, nextLink } from './paging.ts';
import { type Route, route } from './route.ts';

const tag = 'Finetunings' as const;

export const finetuningRoutes: Route[] = [
  route(
    'post',
    BASE,
    { headers: idempotencyHeader, body: restCreateInput },
    {
      operationId: 'createFinetuning',
      summary: 'Start a finetuning',
      description:
        'Fixes the training data, stores the run and starts it at once; the answer does not wait for the provider. With an `Idempotency-Key` it may be sent again after a lost answer; one that finds the run made before says so by `Idempotent-Replayed: true`.',
      tag,
      examples: examplesOfCreate,
      answers: {
        201: {
          description: 'Stored; it is started at once.',
          schema: answeredFinetuning,
          examples: { created },
          headers: locationHeader.extend(replayedHeader.shape),
        },
      },
      errors: ['not_found', 'idempotency_conflict'],
    },
    async ({ caller, body: { golden_sqls, ...body }, headers }) => {
      const { replayed, ...created } = await caller.finetunings.create({
        ...body,
        golden_records: recordsOf(body.golden_records, golden_sqls),
        idempotency_key: headers['Idempotency-Key'],
      });
      return {
        status: 201,
        body: withSqls(created),
        headers: { ...locationOf(BASE, created), ...isReplayed(replayed) },
      };
    },
  ),

  route(
    'get',
    BASE,
    { query: listQuery },
    {
      operationId: 'listFinetunings',
      summary: 'List finetunings, newest first',
      description:
        "Served from goldtune's own database, never by a call to the provider. Without the ids of their records, which a run shows that is asked for itself. A page holds about 1 MB and may be shorter than `limit`: where there is more, `Link` leads to it.",
      tag,
      answers: {
        200: {
          description: 'A page.',
          schema: z.array(restFinetuning),
          examples: { page: { summary: 'One run', value: [running.value] } },
          headers: linkHeader,
        },
      },
      errors: [],
    },
    async ({ caller, query }) => {
      const found = await caller.finetunings.list(query);
      return { body: found.map(withSqls), headers: await nextLink(query, found, caller.finetunings.list) };
    },
  ),

  route(
    'get',
    `${BASE}/{finetuning_id}`,
    { params: byId },
    {
      operationId: 'getFinetuning',
      summary: 'Show a finetuning',
      description:
        'As goldtune last recorded it; the provider is not asked. `cancellation` is the receipt of a cancel, `progress` what the provider last said.',
      tag,
      answers: { 200: { description: 'The finetuning.', schema: restFinetuning, examples: { running } } },
      errors: ['not_found'],
    },
    async ({ caller, params }) => ({
      body: withSqls(await caller.finetunings.get({ id: knownForm('Finetuning', params.finetuning_id) })),
    }),
  ),

  route(
    'put',
    `${BASE}/{finetuning_id}`,
    { params: byId, body: updateInput },
    {
      operationId: 'updateFinetuning',
      summary: 'Change alias or metadata',
      description: 'Touches nothing else: not the run, and not the provider.',
      tag,
      examples: examplesOfUpdate,
      answers: { 200: { description: 'The finetuning as it is now.', schema: restFinetuning, examples: { updated } } },
      errors: ['not_found'],
    },
    async ({ caller, params, body }) => ({
      body: withSqls(await caller.finetunings.update({ ...body, id: knownForm('Finetuning', params.finetuning_id) })),
    }),
  ),
];

function recordsOf(golden_records: string[] | null | undefined, golden_sqls: string[] | null | undefined) {
  if (golden_records && golden_sqls && golden_records.join() !== golden_sqls.join()) {
    throw invalid(['body', 'golden_sqls'], 'golden_sqls is another name of golden_records; give only one of them');
  }
  return golden_records ?? golden_sqls;
}
