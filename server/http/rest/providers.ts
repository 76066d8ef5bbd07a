// The providers that are configured.
import { z } from 'zod';
import { provider } from '../../finetuning/contract/providers.ts';
import { configured } from './examples/providers.ts';
import { type Route, route } from './route.ts';

export const providerRoutes: Route[] = [
  route(
    'get',
    '/api/v1/providers',
    {},
    {
      operationId: 'listProviders',
      summary: 'List the providers that are configured',
      description:
        'All of them, the standard one first. Each is asked whether it answers, for three seconds at most, and again after some seconds; one that does not keeps nobody from the others. `guarantees` say what a stop rests on there.',
      tag: 'Providers',
      answers: {
        200: { description: 'All of them.', schema: z.array(provider), examples: { configured } },
      },
      errors: [],
    },
    async ({ caller }) => ({ body: await caller.providers.list() }),
  ),
];
