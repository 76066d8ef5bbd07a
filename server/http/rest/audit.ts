// What callers did, and who: as a page, or all of it as lines of JSON.
import { z } from 'zod';
import { auditEntry, auditQuery } from '../../finetuning/contract/audit.ts';
import { LARGEST_PAGE } from '../../finetuning/contract/fields.ts';
import { NO_STORE, noStoreHeader } from '../no-store.ts';
import { auditLines, auditPage } from './examples/audit.ts';
import { linkHeader, nextLink } from './paging.ts';
import { type Route, route } from './route.ts';

export const auditRoutes: Route[] = [
  route(
    'get',
    '/api/v1/audit',
    { query: auditQuery },
    {
      operationId: 'listAudit',
      summary: 'List what callers did, and who, newest first',
      description:
        'Each entry is an event of a run that comes of a request, or tells what was done to a key, a webhook endpoint, a database connection or golden records, or that a bulk cancel was begun: it is written with the change itself, never without, and stays when what it is about is deleted. What was asked for again and changed nothing is no entry. With `Accept: application/x-ndjson` the answer is the whole list, a line of JSON each, from `after` on, whatever `limit` says; where that fails in its middle the connection is cut off, so that part of it is not taken for the whole. Needs the scope `admin`.',
      tag: 'Audit',
      answers: {
        200: {
          description: 'A page, or all of it as lines.',
          schema: z.array(auditEntry),
          examples: { page: auditPage },
          headers: linkHeader.extend(noStoreHeader.shape),
          lines: { lines: auditLines },
        },
      },
      errors: [],
    },
    async ({ caller, query, wantsLines }) => {
      const { list } = caller.audit;
      if (!wantsLines) {
        const found = await list(query);
        return { body: found, headers: { ...(await nextLink(query, found, list)), ...NO_STORE } };
      }
      const all = { ...query, limit: LARGEST_PAGE };
      return { lines: pagesFrom(await list(all), (after) => list({ ...all, after })), headers: NO_STORE };
    },
  ),
];

/** The first is read before there is an answer: what is wrong with the question is told as ever. */
async function* pagesFrom<T extends { id: string }>(first: T[], next: (after: string) => Promise<T[]>) {
  for (let page = first; ; ) {
    const last = page.at(-1);
    if (!last) return;
    yield page;
    page = await next(last.id);
  }
}
