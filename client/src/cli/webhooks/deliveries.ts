// What was told to an endpoint and what came of it, and telling it something by hand.
import type { Command } from 'commander';
import { explainIn, usual } from '../help.ts';
import { hintAtMore, type Page, paged } from '../paging.ts';
import { openSession } from '../session.ts';
import { deliveryTable } from './endpoint-text.ts';

export function addDeliveries(webhooks: Command): void {
  const ping = webhooks
    .command('ping')
    .description('send a test, signed and delivered as all others are')
    .argument('<id>', 'of the endpoint')
    .action(async (id: string, _options: object, command: Command) => {
      const { goldtune, show, hint } = openSession(command);
      const sent = await goldtune.webhookEndpoints.ping.mutate({ id });
      show(sent, () => `${sent.id} will be sent`);
      hint(`What comes of it: goldtune webhooks deliveries ${id}`);
    });
  explainIn(ping, ['goldtune webhooks ping 6579f0a1eb4e22533dc44001'], usual);

  const deliveries = webhooks
    .command('deliveries')
    .description('what was told to an endpoint, newest first, each with the last answer')
    .argument('<id>', 'of the endpoint');
  paged(deliveries).action(async (id: string, page: Page, command: Command) => {
    const session = openSession(command);
    const { query } = session.goldtune.webhookEndpoints.deliveries;
    const found = await query({ ...page, id });
    session.show(found, () => deliveryTable(found, session.width));
    await hintAtMore(session, found, (next) => query({ ...next, id }));
  });
  explainIn(
    deliveries,
    [
      'goldtune webhooks deliveries 6579f0a1eb4e22533dc44001',
      'goldtune webhooks deliveries 6579f0a1eb4e22533dc44001 --json | jq -r \'.[] | select(.state == "given_up") | .id\'',
    ],
    usual,
  );

  const redeliver = webhooks
    .command('redeliver')
    .description('send something again, under the same id, whatever came of it before')
    .argument('<id>', 'of the endpoint')
    .argument('<delivery>', 'its id, as `deliveries` shows it')
    .action(async (id: string, delivery_id: string, _options: object, command: Command) => {
      const { goldtune, show } = openSession(command);
      const sent = await goldtune.webhookEndpoints.redeliver.mutate({ id, delivery_id });
      show(sent, () => `${sent.id} will be sent again`);
    });
  explainIn(redeliver, ['goldtune webhooks redeliver 6579f0a1eb4e22533dc44001 0006447c1b2f8a3d5e7f9012'], usual);
}
