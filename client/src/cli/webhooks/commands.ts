// `goldtune webhooks …`: where changes of runs are told. A secret is printed alone, so that it can be piped to where it is kept.
import { type Command, Option } from 'commander';
import type { RouterInputs, WebhookEndpoint } from '../../generated/router.ts';
import { explainIn, usual } from '../help.ts';
import { list as items, span } from '../option-values.ts';
import { oneOf } from '../options.ts';
import { hintAtMore, type Page, paged } from '../paging.ts';
import { openSession, type Session } from '../session.ts';
import { addDeliveries } from './deliveries.ts';
import { endpointTable, endpointText, keptText } from './endpoint-text.ts';

type Type = NonNullable<RouterInputs['webhookEndpoints']['create']['types']>[number];

const types: readonly Type[] = [
  'finetuning.status_changed',
  'finetuning.cancel_requested',
  'finetuning.cancelled',
  'finetuning.cancel_too_late',
  'finetuning.stuck',
];

type Given = { to?: string; description?: string; type?: Type[]; allTypes?: true; enable?: true; disable?: true };

export function addWebhooks(program: Command): void {
  const webhooks = explainIn(
    program.command('webhooks').description('endpoints that changes of runs are told to, and what came of it'),
    ['goldtune webhooks create https://hooks.example.com/goldtune --type finetuning.cancelled'],
  );
  addCreate(webhooks);
  addReading(webhooks);
  addUpdate(webhooks);
  addRotate(webhooks);
  addDelete(webhooks);
  addDeliveries(webhooks);
}

const typed = (command: Command): Command =>
  command
    .addOption(
      new Option('--type <type...>', 'what is told; several times, left out: everything')
        .choices(types)
        .argParser((given: string, before?: string[]) => [...(before ?? []), ...items(given).map(oneOf(types))]),
    )
    .option('--description <text>', 'for people');

function addCreate(webhooks: Command): void {
  const create = webhooks
    .command('create')
    .description('add an endpoint, and print the secret that signs: this once, alone on stdout')
    .argument('<url>', 'where it is sent to, https://…');
  typed(create).action(async (url: string, { type, description }: Given, command: Command) => {
    const { goldtune, show, aside } = openSession(command);
    const made = await goldtune.webhookEndpoints.create.mutate({
      url,
      ...(type ? { types: type } : {}),
      ...(description === undefined ? {} : { description }),
    });
    show(made, () => made.secret);
    aside(keptText(made));
  });
  explainIn(
    create,
    [
      'goldtune webhooks create https://hooks.example.com/goldtune --type finetuning.cancelled,finetuning.stuck',
      'goldtune webhooks create https://hooks.example.com/goldtune | gh secret set GOLDTUNE_WEBHOOK_SECRET',
    ],
    ['invalid', 'denied', 'unreachable'],
  );
}

function addReading(webhooks: Command): void {
  const list = webhooks.command('list').description('list the endpoints, newest first');
  paged(list).action(async (page: Page, command: Command) => {
    const session = openSession(command);
    const { query } = session.goldtune.webhookEndpoints.list;
    const found = await query(page);
    session.show(found, () => endpointTable(found, session.width));
    await hintAtMore(session, found, query);
  });
  explainIn(
    list,
    [
      'goldtune webhooks list',
      'goldtune webhooks list --json | jq -r ".[] | select(.enabled | not) | .disabled_reason"',
    ],
    ['invalid', 'denied', 'unreachable'],
  );

  const get = webhooks
    .command('get')
    .description('show one endpoint; its secret is shown nowhere')
    .argument('<id>', 'of the endpoint')
    .action(async (id: string, _options: object, command: Command) => {
      const session = openSession(command);
      tell(session, await session.goldtune.webhookEndpoints.get.query({ id }));
    });
  explainIn(get, ['goldtune webhooks get 6579f0a1eb4e22533dc44001'], usual);
}

const tell = ({ show }: Session, endpoint: WebhookEndpoint) => show(endpoint, () => endpointText(endpoint));

function addUpdate(webhooks: Command): void {
  const update = webhooks
    .command('update')
    .description('change what is given; what waits is sent as it says then')
    .argument('<id>', 'of the endpoint')
    .option('--to <url>', 'where it is sent to from now on');
  typed(update)
    .addOption(new Option('--all-types', 'everything is told, also what a later version tells').conflicts('type'))
    .addOption(new Option('--enable', 'tell it again; what waits comes first'))
    .addOption(new Option('--disable', 'tell it nothing until it is enabled').conflicts('enable'))
    .action(async (id: string, { to, type, allTypes, enable, disable, description }: Given, command: Command) => {
      const session = openSession(command);
      const updated = await session.goldtune.webhookEndpoints.update.mutate({
        id,
        ...(to === undefined ? {} : { url: to }),
        ...(description === undefined ? {} : { description }),
        ...(allTypes ? { types: null } : type ? { types: type } : {}),
        ...(enable || disable ? { enabled: enable === true } : {}),
      });
      tell(session, updated);
    });
  explainIn(
    update,
    [
      'goldtune webhooks update 6579f0a1eb4e22533dc44001 --to https://hooks.example.com/other',
      'goldtune webhooks update 6579f0a1eb4e22533dc44001 --enable',
    ],
    usual,
  );
}

function addRotate(webhooks: Command): void {
  const rotate = webhooks
    .command('rotate-secret')
    .description('make another secret, and print it; for a while both sign')
    .argument('<id>', 'of the endpoint')
    .option('--overlap <time>', 'how long the old one signs too, such as 12h; 0: not at all (default: 1d)', span)
    .action(async (id: string, { overlap }: { overlap?: number }, command: Command) => {
      const { goldtune, show, aside } = openSession(command);
      const overlapping = overlap === undefined ? {} : { overlap_ms: overlap };
      const made = await goldtune.webhookEndpoints.rotateSecret.mutate({ id, ...overlapping });
      show(made, () => made.secret);
      aside(keptText(made));
    });
  explainIn(rotate, ['goldtune webhooks rotate-secret 6579f0a1eb4e22533dc44001 --overlap 7d'], usual);
}

function addDelete(webhooks: Command): void {
  const remove = webhooks
    .command('delete')
    .description('delete an endpoint; what waits for it is not sent')
    .argument('<id>', 'of the endpoint')
    .action(async (id: string, _options: object, command: Command) => {
      const { goldtune, show } = openSession(command);
      const answer = await goldtune.webhookEndpoints.delete.mutate({ id });
      show({ id, ...answer }, () => `${id} is deleted`);
    });
  explainIn(remove, ['goldtune webhooks delete 6579f0a1eb4e22533dc44001'], usual);
}
