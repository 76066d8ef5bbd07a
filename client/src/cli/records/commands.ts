// `goldtune records …`: golden records, verified questions and their SQL.
import { type Command, Option } from 'commander';
import { formats } from '../../generated/file/shape.ts';
import { explainIn } from '../help.ts';
import { hintAtMore, type Page, paged } from '../paging.ts';
import { openSession } from '../session.ts';
import { shortened, table } from '../text.ts';
import { type ImportOptions, importFile } from './import.ts';

export function addRecords(program: Command): void {
  const records = explainIn(
    program.command('records').description('golden records: verified questions and their SQL'),
    ['goldtune records import golden.jsonl --connection 656777c9eb4e22533dc43fce'],
  );

  const importing = records
    .command('import')
    .description('add the golden records of a file: CSV (also ; tabs |), JSONL or a JSON array')
    .argument('<file>', 'or - for stdin; a line that cannot be used is named, and then nothing is sent')
    .requiredOption('--connection <id>', 'the database connection they ask about')
    .option('--prompt-column <name>', 'the column of the question, where its name does not tell')
    .option('--sql-column <name>', 'the column of the SQL, where its name does not tell')
    .addOption(new Option('--format <name>', 'for a file whose content does not tell').choices(formats))
    .addHelpText(
      'after',
      '\nUp to 50,000 records and 31 MB go in one transaction: all are added or none. An exact duplicate counts as\n' +
        'the record that exists, so a file may be imported again. SQL that cannot be parsed is kept and flagged.\n\n' +
        'Columns are known by many names: prompt_text, prompt, question, utterance, … and sql, query, sql_query, answer, …;\n' +
        'the first that holds a text is taken, and what was not used is told. Chats (messages of one user and one\n' +
        'assistant) are taken too. The text is UTF-8 or UTF-16.',
    )
    .action(async (file: string, options: ImportOptions, command: Command) => {
      await importFile(openSession(command), file, options);
    });
  explainIn(importing, [
    'goldtune records import golden.jsonl --connection 656777c9eb4e22533dc43fce',
    'goldtune records import export.csv --prompt-column Frage --connection 656777c9eb4e22533dc43fce',
    'goldtune records import - --connection 656777c9eb4e22533dc43fce < golden.csv',
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
