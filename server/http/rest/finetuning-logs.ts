// What the trainer of a run has printed, as plain text, or as JSON where that is asked for.
import { z } from 'zod';
import { logs, logsQuery } from '../../finetuning/contract/logs.ts';
import { printed, printedText } from './examples/logs.ts';
import { BASE, byId } from './finetuning-schemas.ts';
import { knownForm } from './known-form.ts';
import { type Route, route } from './route.ts';

const cutOffHeader = z.object({
  'Logs-Cut-Off': z.literal('true').optional().meta({
    description: 'Of the plain text: there is more before it; ask for more `tail_bytes`.',
    example: 'true',
  }),
});

const cutOff = (isCutOff: boolean): Record<string, string> => (isCutOff ? { 'logs-cut-off': 'true' } : {});

export const logRoutes: Route[] = [
  route(
    'get',
    `${BASE}/{finetuning_id}/logs`,
    { params: byId, query: logsQuery },
    {
      operationId: 'getFinetuningLogs',
      summary: 'Read the end of what the trainer has printed',
      description:
        'From the provider, where that shows logs: `GET /api/v1/providers` says which do. Plain text, without what steers a terminal; with `Accept: application/json` as JSON. Where there are none, the answer says why.',
      tag: 'Finetunings',
      answers: {
        200: {
          description: 'The end of the logs.',
          schema: logs,
          examples: { printed },
          headers: cutOffHeader,
          text: { printed: printedText },
        },
      },
      errors: ['not_found', 'no_logs'],
    },
    async ({ caller, params, query, wantsJson }) => {
      const found = await caller.finetunings.logs({ ...query, id: knownForm('Finetuning', params.finetuning_id) });
      if (wantsJson) return { body: found };
      return { text: found.text, headers: cutOff(found.cut_off) };
    },
  ),
];
