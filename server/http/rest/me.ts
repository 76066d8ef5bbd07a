// Who asks: of the key or the cookie of the request.
import { z } from 'zod';
import { me } from '../../finetuning/contract/people.ts';
import { NO_STORE, noStoreHeader } from '../no-store.ts';
import { whoAsks } from './examples/people.ts';
import { type Route, route } from './route.ts';

export const meRoutes: Route[] = [
  route(
    'get',
    '/api/v1/me',
    { query: z.strictObject({}) },
    {
      operationId: 'getMe',
      summary: 'Ask who one is',
      description:
        'Who the key or the cookie of this request stands for, in which organization, and with which scopes. Whoever is let in may ask.',
      tag: 'People',
      answers: {
        200: { description: 'Who asks.', schema: me, examples: { person: whoAsks }, headers: noStoreHeader },
      },
      errors: [],
    },
    async ({ caller }) => ({ body: await caller.me.get(), headers: NO_STORE }),
  ),
];
