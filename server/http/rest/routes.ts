// Every REST route there is. The OpenAPI document is made from this table.

import { auditRoutes } from './audit.ts';
import { bulkCancelRoutes } from './bulk-cancels.ts';
import { dbConnectionRoutes } from './db-connections.ts';
import { eventRoutes } from './finetuning-events.ts';
import { logRoutes } from './finetuning-logs.ts';
import { stopRoutes } from './finetuning-stop.ts';
import { finetuningRoutes } from './finetunings.ts';
import { goldenRecordRoutes } from './golden-records.ts';
import { invitationRoutes } from './invitations.ts';
import { keyRoutes } from './keys.ts';
import { meRoutes } from './me.ts';
import { peopleRoutes } from './people.ts';
import { providerRoutes } from './providers.ts';
import type { Route } from './route.ts';
import { serviceRoutes } from './service.ts';
import { deliveryRoutes } from './webhook-deliveries.ts';
import { webhookEndpointRoutes } from './webhook-endpoints.ts';

export const routes: readonly Route[] = [
  ...finetuningRoutes,
  ...stopRoutes,
  ...bulkCancelRoutes,
  ...eventRoutes,
  ...logRoutes,
  ...goldenRecordRoutes,
  ...dbConnectionRoutes,
  ...webhookEndpointRoutes,
  ...deliveryRoutes,
  ...providerRoutes,
  ...keyRoutes,
  ...auditRoutes,
  ...peopleRoutes,
  ...invitationRoutes,
  ...meRoutes,
  ...serviceRoutes,
];
