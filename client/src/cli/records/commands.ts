// `goldtune records …`: golden records, verified questions and their SQL.
import { type Command, Option } from 'commander';
import { explainIn } from '../help.ts';
import { hintAtMore, type Page, paged } from '../paging.ts';
import { openSession } from '../session.ts';
import { shortened, table } from '../text.ts';
import { importFile } from './import.ts';
import { type Format, formats } from './read-file.ts';

export function addRecords(program: Command): void {
  const records = explainIn(
    program.command('records').description('golden records: verified questions and their SQL'),
    ['goldtune records import golden.jsonl --connection 656777c9eb4e22533dc43fce'],
  );

  const importing = records
    .command('import')
    .description('add the golden records of a file: JSONL, CSV or a JSON array, with prompt_text and sql')
    .argument('<file>', 'or - for stdin; a line that cannot be used is named, and then nothing is sent')
    .requiredOption('--connection <id>', 'the database connection they ask about')
    .addOption(new Option('--format <name>', 'where the name of the file does not tell').choices(formats))
    .addHelpText(
      'after',
      '\nUp to 50,000 records and 31 MB go in one transaction: all are added or none. An exact duplicate counts as\n' +
        'the record that exists, so a file may be imported again. SQL that cannot be parsed is kept and flagged.',
    )
    .action(async (file: string, options: { connection: string; format?: Format }, command: Command) => {
      await importFile(openSession(command), file, options);
    });
  explainIn(importing, [
    'goldtune records import golden.jsonl --connection 656777c9eb4e22533dc43fce',
    'goldtune records import - --format csv --connection 656777c9eb4e22533dc43fce < golden.csv',
  ]);

  const list = records
    .command('list')
    .description('list golden records, newest first')
    .option('--connection <id>', 'only those of this database connection');
  paged(list).action(async ({ connection, ...page }: Page & { connection?: string }, command: Command) => {
    const session = openSession(command);
    const found = await session.goldtune.goldenRecords.list.query({ ...page, db_connection_id: connection });
    session.show(found, () =>
      table(
        ['id', 'prompt', 'sql', 'flagged'],
        found.map(({ id, prompt_text, sql, warnings }) => [
          id,
          shortened(prompt_text, 48),
          shortened(sql, 48),
          warnings.length > 0 ? 'yes' : 'no',
        ]),
      ),
    );
    hintAtMore(session, page, found);
  });
  explainIn(list, ['goldtune records list --connection 656777c9eb4e22533dc43fce --limit 20']);

  const remove = records
    .command('delete')
    .description('hide a golden record from new runs; runs trained on it keep it')
    .argument('<id>', 'of the golden record')
    .action(async (id: string, _options: object, command: Command) => {
      const { goldtune, show } = openSession(command);
      const answer = await goldtune.goldenRecords.delete.mutate({ id });
      show({ id, ...answer }, () => `${id} is hidden from new runs`);
    });
  explainIn(remove, ['goldtune records delete 656777c9eb4e22533dc43fcf']);
}
