// The API: what a typed client sees, and what the REST routes call.
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import { audit } from './audit.ts';
import { createCallerFactory, router } from './base.ts';
import { bulkCancels } from './bulk-cancels.ts';
import { dbConnections } from './db-connections.ts';
import { finetunings } from './finetunings.ts';
import { goldenRecords } from './golden-records.ts';
import { keys } from './keys.ts';
import { me } from './me.ts';
import { people } from './people.ts';
import { providers } from './providers.ts';
import { webhookEndpoints } from './webhook-endpoints.ts';

export const appRouter = router({
  ...{ finetunings, bulkCancels, goldenRecords, dbConnections, webhookEndpoints, providers },
  ...{ keys, people, me, audit },
});

export type AppRouter = typeof appRouter;
export type RouterInputs = inferRouterInputs<AppRouter>;
export type RouterOutputs = inferRouterOutputs<AppRouter>;

/** Calls the procedures in this process. */
export const createCaller = createCallerFactory(appRouter);
export type Caller = ReturnType<typeof createCaller>;
