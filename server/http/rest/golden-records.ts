// Golden records under the original service's path, /golden-sqls.
import { z } from 'zod';
import { givenId, goldenRecordId, LARGEST_PAGE, USUAL_PAGE } from '../../finetuning/contract/fields.ts';
import { addedGoldenRecord, addInput, goldenRecord, listQuery } from '../../finetuning/contract/golden-records.ts';
import { done, isDone } from './done.ts';
import { added, examplesOfAdd, flagged, hidden, record, recordPage } from './examples/golden-records.ts';
import { importReport, importReportHeader } from './import-report.ts';
import { knownForm } from './known-form.ts';
import { linkHeader, nextLink } from './paging.ts';
import { type Route, route } from './route.ts';
import { upload } from './upload-schemas.ts';

const BASE = '/api/v1/golden-sqls';
const byId = z.object({ id: givenId(goldenRecordId) });
const tag = 'Golden records' as const;

/** As numbers of 64 bits go. */
const LARGEST_ASKED = 2 ** 63;

/** Published clients ask for as much as a number of theirs can hold, and read pages until one is empty. */
const clampedLimit = z.coerce
  .number()
  .min(1)
  .max(LARGEST_ASKED)
  .transform((limit) => Math.min(limit, LARGEST_PAGE))
  .pipe(z.number().int())
  .default(USUAL_PAGE)
  // What the document says of a number that is clamped before it is checked.
  .meta({
    type: 'integer',
    default: USUAL_PAGE,
    example: USUAL_PAGE,
    description: `How many at most; above ${LARGEST_PAGE} it counts as ${LARGEST_PAGE}.`,
  });

export const goldenRecordRoutes: Route[] = [
  route(
    'post',
    BASE,
    { body: addInput },
    {
      operationId: 'addGoldenRecords',
      summary: 'Add golden records',
      description:
        'All are added or none. An exact duplicate is answered with the record that exists. SQL that a parser of the dialect cannot read is kept, with `warnings`. A file is taken too, as the body itself or as the `file` of a form, with the connection as `?db_connection_id=`: CSV (also with `;`, tabs or `|`), JSONL or a JSON array, told apart by their content, UTF-8 or UTF-16. The question may stand in prompt_text, prompt, question, utterance, …, its SQL in sql, query, sql_query, answer, …: upper or lower case, spaces and `_` make no difference, and the first that holds a text is taken. Or name them: `?prompt_column=`, `?sql_column=`. Chats (`messages` of one user and one assistant) are taken as well. All rows that cannot be used are named, up to a hundred, each with its line; the header `Import-Report` tells which columns were not used.',
      tag,
      examples: examplesOfAdd,
      upload,
      answers: {
        201: {
          description: 'The records, in the order given; `duplicate` marks those that were there before.',
          schema: z.array(addedGoldenRecord),
          examples: { added, flagged },
          headers: importReportHeader,
        },
      },
      errors: [],
    },
    async ({ caller, body, report }) => ({
      status: 201,
      body: await caller.goldenRecords.add(body),
      headers: report ? importReport(report) : {},
    }),
  ),

  route(
    'get',
    BASE,
    { query: listQuery.safeExtend({ limit: clampedLimit }) },
    {
      operationId: 'listGoldenRecords',
      summary: 'List golden records, newest first',
      description:
        'Those that new runs may be trained on. A page holds about 1 MB and may be shorter than `limit`: where there is more, `Link` leads to it. Published clients may count pages by `page`, and ask for more at once than a page holds: the page after the last is empty, and one that would take over 8 MB is refused.',
      tag,
      answers: {
        200: {
          description: 'A page.',
          schema: z.array(goldenRecord),
          examples: { page: recordPage },
          headers: linkHeader,
        },
      },
      errors: [],
    },
    async ({ caller, query }) => {
      const found = await caller.goldenRecords.list(query);
      return { body: found, headers: await nextLink({ ...query, page: undefined }, found, caller.goldenRecords.list) };
    },
  ),

  route(
    'get',
    `${BASE}/{id}`,
    { params: byId },
    {
      operationId: 'getGoldenRecord',
      summary: 'Show a golden record',
      description: 'One that is hidden from new runs too, so that what a finetuning was trained on can be read.',
      tag,
      answers: { 200: { description: 'The record.', schema: goldenRecord, examples: { record, hidden } } },
      errors: ['not_found'],
    },
    async ({ caller, params: { id } }) => ({
      body: await caller.goldenRecords.get({ id: knownForm('Golden record', id) }),
    }),
  ),

  route(
    'delete',
    `${BASE}/{id}`,
    { params: byId },
    {
      operationId: 'deleteGoldenRecord',
      summary: 'Hide a golden record from new runs',
      description: 'Finetunings that were trained on it keep it, and it can still be shown by its id.',
      tag,
      answers: { 200: { description: 'Hidden.', schema: isDone, examples: { done } } },
      errors: ['not_found'],
    },
    async ({ caller, params: { id } }) => ({
      body: await caller.goldenRecords.delete({ id: knownForm('Golden record', id) }),
    }),
  ),
];
