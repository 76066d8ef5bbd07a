// `goldtune connections …`: the databases that golden records ask about.
import type { Command } from 'commander';
import type { DbConnection, RouterInputs } from '../generated/router.ts';
import { explainIn, usual } from './help.ts';
import { pair, textOf } from './option-values.ts';
import { required } from './options.ts';
import { hintAtMore, type Page, paged } from './paging.ts';
import { openSession } from './session.ts';
import { table } from './table.ts';
import { details, manyLines, metadataText, oneLine, shortened, timeColumn, timeText } from './text.ts';

type Update = Omit<RouterInputs['dbConnections']['update'], 'id'>;
type Given = { alias?: string; dialect?: string; schema?: string; metadata?: Record<string, string> };

export function addConnections(program: Command): void {
  const connections = explainIn(
    program.command('connections').description('databases that golden records ask about; no credentials are taken'),
    ['goldtune connections list'],
  );

  const create = connections.command('create').description('add a database connection');
  required(create, '--alias <name>', 'a name for people');
  withFields(create, `${DIALECT} (default: postgresql)`).action(
    async (given: Given & { alias: string }, command: Command) => {
      const { goldtune, show } = openSession(command);
      const created = await goldtune.dbConnections.create.mutate({ ...(await fieldsOf(given)), alias: given.alias });
      show(created, () => connectionText(created));
    },
  );
  explainIn(create, ['goldtune connections create --alias library --dialect sqlite --schema schema.sql'], usual);

  const list = connections.command('list').description('list database connections, newest first');
  paged(list).action(async (page: Page, command: Command) => {
    const session = openSession(command);
    const { query } = session.goldtune.dbConnections.list;
    const found = await query(page);
    session.show(found, () => connectionTable(found, session.width));
    await hintAtMore(session, found, query);
  });
  explainIn(list, ['goldtune connections list', 'goldtune connections list --json | jq -r ".[].alias"'], usual);

  const get = connections
    .command('get')
    .description('show one database connection, its schema included')
    .argument('<id>', 'of the connection')
    .action(async (id: string, _options: object, command: Command) => {
      const { goldtune, show } = openSession(command);
      const found = await goldtune.dbConnections.get.query({ id });
      show(found, () => connectionText(found));
    });
  explainIn(get, ['goldtune connections get 656777c9eb4e22533dc43fce --json | jq -r .schema_sql'], usual);

  const update = connections
    .command('update')
    .description('change what is given; runs already created keep the schema they had')
    .argument('<id>', 'of the connection')
    .option('--alias <name>', 'a name for people');
  withFields(update, DIALECT).action(async (id: string, given: Given, command: Command) => {
    const { goldtune, show } = openSession(command);
    const updated = await goldtune.dbConnections.update.mutate({ ...(await fieldsOf(given)), id });
    show(updated, () => connectionText(updated));
  });
  explainIn(update, ['goldtune connections update 656777c9eb4e22533dc43fce --schema schema.sql'], usual);

  const remove = connections
    .command('delete')
    .description('delete a database connection that no finetuning and no golden record uses')
    .argument('<id>', 'of the connection')
    .action(async (id: string, _options: object, command: Command) => {
      const { goldtune, show } = openSession(command);
      const answer = await goldtune.dbConnections.delete.mutate({ id });
      show({ id, ...answer }, () => `${id} is deleted`);
    });
  explainIn(
    remove,
    [
      'goldtune connections delete 656777c9eb4e22533dc43fce',
      'goldtune records list --connection 656777c9eb4e22533dc43fce --limit 1000 --json | jq -r ".[].id" | xargs -r goldtune records delete',
    ],
    [...usual, 'in_use'],
  );
}

const DIALECT = 'the SQL of the database, such as sqlite, mssql or databricks; any name is taken';

const withFields = (command: Command, dialect: string): Command =>
  command
    .option('--dialect <name>', dialect)
    .option('--schema <file>', 'the schema, as SQL: it goes into the prompt of each example')
    .option('--metadata <key=value...>', 'your own keys and values', pair);

const fieldsOf = async ({ schema, ...fields }: Given): Promise<Update> =>
  schema === undefined ? fields : { ...fields, schema_sql: await textOf(schema) };

const connectionTable = (found: readonly DbConnection[], width: number | null) =>
  table(
    ['id', { name: 'alias', least: 8 }, { name: 'dialect', least: 8 }, timeColumn('created', width)],
    found.map(({ id, alias, dialect, created_at }) => [
      id,
      oneLine(alias),
      oneLine(dialect),
      timeText(created_at, width),
    ]),
    width,
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
  const schema = manyLines(schema_sql);
  return schema === '' ? fields : `${fields}\n\n${schema}`;
}
