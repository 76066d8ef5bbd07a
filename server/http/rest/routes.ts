// Every REST route there is. The OpenAPI document is made from this table.
import { dbConnectionRoutes } from './db-connections.ts';
import { finetuningRoutes } from './finetunings.ts';
import { goldenRecordRoutes } from './golden-records.ts';
import type { Route } from './route.ts';

export const routes: readonly Route[] = [...finetuningRoutes, ...goldenRecordRoutes, ...dbConnectionRoutes];
