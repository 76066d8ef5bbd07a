// `goldtune connections …`: the databases that golden records ask about.
import type { Command } from 'commander';
import type { DbConnection, RouterInputs } from '../generated/router.ts';
import { explainIn } from './help.ts';
import { pair, textOf } from './option-values.ts';
import { hintAtMore, type Page, paged } from './paging.ts';
import { openSession } from './session.ts';
import { details, metadataText, shortened, table } from './text.ts';

type Update = Omit<RouterInputs['dbConnections']['update'], 'id'>;
type Given = { alias?: string; dialect?: string; schema?: string; metadata?: Record<string, string> };

export function addConnections(program: Command): void {
  const connections = explainIn(
    program.command('connections').description('databases that golden records ask about; no credentials are taken'),
    ['goldtune connections list'],
  );

  const create = connections
    .command('create')
    .description('add a database connection')
    .requiredOption('--alias <name>', 'a name for people');
  withFields(create).action(async (given: Given & { alias: string }, command: Command) => {
    const { goldtune, show } = openSession(command);
    const created = await goldtune.dbConnections.create.mutate({ ...(await fieldsOf(given)), alias: given.alias });
    show(created, () => connectionText(created));
  });
  explainIn(create, ['goldtune connections create --alias library --dialect sqlite --schema schema.sql']);

  const list = connections.command('list').description('list database connections, newest first');
  paged(list).action(async (page: Page, command: Command) => {
    const session = openSession(command);
    const found = await session.goldtune.dbConnections.list.query(page);
    session.show(found, () => connectionTable(found));
    hintAtMore(session, page, found);
  });
  explainIn(list, ['goldtune connections list', 'goldtune connections list --json | jq -r ".[].alias"']);

  const get = connections
    .command('get')
    .description('show one database connection, its schema included')
    .argument('<id>', 'of the connection')
    .action(async (id: string, _options: object, command: Command) => {
      const { goldtune, show } = openSession(command);
      const found = await goldtune.dbConnections.get.query({ id });
      show(found, () => connectionText(found));
    });
  explainIn(get, ['goldtune connections get 656777c9eb4e22533dc43fce --json | jq -r .schema_sql']);

  const update = connections
    .command('update')
    .description('change what is given; runs already created keep the schema they had')
    .argument('<id>', 'of the connection')
    .option('--alias <name>', 'a name for people');
  withFields(update).action(async (id: string, given: Given, command: Command) => {
    const { goldtune, show } = openSession(command);
    const updated = await goldtune.dbConnections.update.mutate({ ...(await fieldsOf(given)), id });
    show(updated, () => connectionText(updated));
  });
  explainIn(update, ['goldtune connections update 656777c9eb4e22533dc43fce --schema schema.sql']);
}

const withFields = (command: Command): Command =>
  command
    .option('--dialect <name>', 'the SQL of the database, such as postgresql, mssql or databricks; any name is taken')
    .option('--schema <file>', 'the schema, as SQL: it goes into the prompt of each example')
    .option('--metadata <key=value...>', 'your own keys and values', pair);

const fieldsOf = async ({ schema, ...fields }: Given): Promise<Update> =>
  schema === undefined ? fields : { ...fields, schema_sql: await textOf(schema) };

const connectionTable = (found: readonly DbConnection[]) =>
  table(
    ['id', 'alias', 'dialect', 'created'],
    found.map(({ id, alias, dialect, created_at }) => [id, shortened(alias), dialect, created_at]),
  );

function connectionText({
  id,
  alias,
  dialect,
  sql_checked,
  schema_sql,
  metadata,
  created_at,
  updated_at,
}: DbConnection): string {
  const fields = details([
    ['id', id],
    ['alias', shortened(alias, 200)],
    ['dialect', sql_checked ? dialect : `${dialect} (SQL is not checked)`],
    ['metadata', metadataText(metadata)],
    ['created', created_at],
    ['updated', updated_at],
  ]);
  // The lines of the schema stay; what else could steer a terminal does not.
  const schema = schema_sql.replaceAll(/[^\P{Cc}\n\t]/gu, '').trim();
  return schema === '' ? fields : `${fields}\n\n${schema}`;
}
