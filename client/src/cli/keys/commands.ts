// `goldtune keys …`: who may do what. The key itself is printed alone, so that it can be piped to where it is kept.
import type { Command } from 'commander';
import type { ApiKey } from '../../generated/router.ts';
import { explainIn, usual } from '../help.ts';
import { list as items, moment, span } from '../option-values.ts';
import { oneOf, required } from '../options.ts';
import { hintAtMore, type Page, paged } from '../paging.ts';
import { openSession } from '../session.ts';
import { oneLine } from '../text.ts';
import { keyTable, madeText, replacedText } from './key-text.ts';

const scopes: readonly ApiKey['scopes'][number][] = ['read', 'run', 'cancel', 'admin'];
type Scope = (typeof scopes)[number];

export function addKeys(program: Command): void {
  const keys = explainIn(program.command('keys').description('API keys: who may read, run, cancel, or manage keys'), [
    'goldtune keys create "on call" --scope read --scope cancel',
  ]);
  addCreate(keys);
  addList(keys);
  addTakingBack(keys);
}

function addCreate(keys: Command): void {
  const create = keys
    .command('create')
    .description('make a key, and print it: this once, alone on stdout')
    .argument('<name>', 'whose it is, or what for');
  required(create, '--scope <scope...>', 'what it may do: read, run, cancel, admin; several times', (option) =>
    option
      .choices(scopes)
      .argParser((given: string, before?: string[]) => [...(before ?? []), ...items(given).map(oneOf(scopes))]),
  )
    .option('--expires <time>', 'after a time, such as 90d or 12h, or at one, such as 2027-03-01T00:00:00Z', moment)
    .action(async (name: string, { scope, expires }: { scope: Scope[]; expires?: string }, command: Command) => {
      const { goldtune, show, aside } = openSession(command);
      const made = await goldtune.keys.create.mutate({ name, scopes: scope, expires_at: expires ?? null });
      show(made, () => made.key);
      aside(madeText(made));
    });
  explainIn(
    create,
    [
      'goldtune keys create "on call" --scope read --scope cancel --expires 90d',
      'goldtune keys create ci --scope read,run,cancel | gh secret set GOLDTUNE_API_KEY',
    ],
    ['invalid', 'denied', 'unreachable'],
  );
}

function addList(keys: Command): void {
  const list = keys.command('list').description('list the keys, newest first, those that open nothing any more too');
  paged(list).action(async (page: Page, command: Command) => {
    const session = openSession(command);
    const { query } = session.goldtune.keys.list;
    const found = await query(page);
    session.show(found, () => keyTable(found, session.width));
    await hintAtMore(session, found, query);
  });
  explainIn(
    list,
    ['goldtune keys list', 'goldtune keys list --json | jq -r \'.[] | select(.standing == "valid") | .name\''],
    ['invalid', 'denied', 'unreachable'],
  );
}

function addTakingBack(keys: Command): void {
  const rotate = keys
    .command('rotate')
    .description('make a key in the place of another, and print it; for a while both open')
    .argument('<id>', 'of the old key')
    .option('--overlap <time>', 'how long the old one still opens, such as 12h; 0: not at all (default: 1d)', span)
    .action(async (id: string, { overlap }: { overlap?: number }, command: Command) => {
      const { goldtune, show, aside } = openSession(command);
      const made = await goldtune.keys.rotate.mutate({ id, ...(overlap === undefined ? {} : { overlap_ms: overlap }) });
      show(made, () => made.key);
      aside(`${madeText(made)} ${replacedText(made.replaces)}`);
    });
  explainIn(rotate, ['goldtune keys rotate 656a1c10eb4e22533dc44001 --overlap 7d'], usual);

  const revoke = keys
    .command('revoke')
    .description('let a key open nothing from now on; asking again does no harm')
    .argument('<id>', 'of the key')
    .action(async (id: string, _options: object, command: Command) => {
      const { goldtune, show } = openSession(command);
      const revoked = await goldtune.keys.revoke.mutate({ id });
      show(revoked, () => oneLine(`${id}, "${revoked.name}", opens nothing any more`));
    });
  explainIn(revoke, ['goldtune keys revoke 656a1c10eb4e22533dc44001'], usual);
}
