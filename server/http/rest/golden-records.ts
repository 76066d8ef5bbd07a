// Golden records under the original service's path, /golden-sqls.
import { z } from 'zod';
import { objectId, text } from '../../finetuning/contract/fields.ts';
import { addInput, goldenRecord, listQuery } from '../../finetuning/contract/golden-records.ts';
import { notFound } from '../../finetuning/errors.ts';
import { nextLink } from './paging.ts';
import { type Route, route } from './route.ts';

const BASE = '/api/v1/golden-sqls';
const byId = z.object({ id: text.meta({ description: 'Id of the golden record.' }) });
const tag = 'Golden records' as const;

export const goldenRecordRoutes: Route[] = [
  route(
    'post',
    BASE,
    { body: addInput },
    {
      summary: 'Add golden records',
      description:
        'All are added or none. An exact duplicate is answered with the record that exists. SQL that a parser of the dialect cannot read is kept, with `warnings`. A CSV (columns prompt_text, sql, metadata) or a JSONL file is taken too, with the connection as `?db_connection_id=`.',
      tag,
      uploads: ['text/csv', 'application/jsonl'],
      responses: { 201: { description: 'The records, in the order given.', schema: z.array(goldenRecord) } },
    },
    async ({ caller, body }) => ({ status: 201, body: await caller.goldenRecords.add(body) }),
  ),

  route(
    'get',
    BASE,
    { query: listQuery },
    {
      summary: 'List golden records, newest first',
      tag,
      responses: { 200: { description: 'A page.', schema: z.array(goldenRecord) } },
    },
    async ({ caller, query }) => {
      const found = await caller.goldenRecords.list(query);
      return { body: found, headers: nextLink(BASE, query, found, query.limit) };
    },
  ),

  route(
    'delete',
    `${BASE}/{id}`,
    { params: byId },
    {
      summary: 'Hide a golden record from new runs',
      description: 'Finetunings that were trained on it keep it.',
      tag,
      responses: {
        200: { description: 'Hidden.', schema: z.object({ status: z.literal(true) }) },
        404: { description: 'There is no such golden record.' },
      },
    },
    async ({ caller, params: { id } }) => {
      if (!objectId.safeParse(id).success) throw notFound('Golden record', id);
      return { body: await caller.goldenRecords.delete({ id }) };
    },
  ),
];
