// `goldtune records …`: golden records, verified questions and their SQL.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { formats } from '../../generated/file/shape.ts';
import type { GoldenRecord } from '../../generated/router.ts';
import { gravest, type Outcome } from '../exit-codes.ts';
import { outcomeOf } from '../failure.ts';
import { explainIn, usual } from '../help.ts';
import { oneOf, required } from '../options.ts';
import { hintAtMore, type Page, paged } from '../paging.ts';
import { complain, endAs, openSession } from '../session.ts';
import { table } from '../table.ts';
import { details, manyLines, metadataText, oneLine } from '../text.ts';
import { type ImportOptions, importFile } from './import.ts';

export function addRecords(program: Command): void {
  const records = explainIn(
    program.command('records').description('golden records: verified questions and their SQL'),
    ['goldtune records import golden.jsonl --connection 656777c9eb4e22533dc43fce'],
  );

  const importing = records
    .command('import')
    .description('add the golden records of a file: CSV (also ; tabs |), JSONL or a JSON array')
    .argument('<file>', 'or - for stdin; a line that cannot be used is named, and then nothing is sent');
  required(importing, '--connection <id>', 'the database connection they ask about')
    .option('--prompt-column <name>', 'the column of the question, where its name does not tell', columnName)
    .option('--sql-column <name>', 'the column of the SQL, where its name does not tell', columnName)
    .addOption(
      new Option('--format <name>', 'for a file whose content does not tell')
        .choices(formats)
        .argParser(oneOf(formats)),
    )
    .addHelpText(
      'after',
      '\nUp to 50,000 records and 31 MB go in one call: all are added or none. An exact duplicate counts as\n' +
        'the record that exists, so a file may be imported again. SQL that cannot be parsed is kept and flagged.\n\n' +
        'Columns are known by many names: prompt_text, prompt, question, utterance, … and sql, query, sql_query, answer, …;\n' +
        'the first that holds a text is taken, and what was not used is told. Chats (messages of one user and one\n' +
        'assistant; what the system says is left out) are taken too. The text is UTF-8 or UTF-16.',
    )
    .action(async (file: string, options: ImportOptions, command: Command) => {
      await importFile(openSession(command), file, options);
    });
  explainIn(
    importing,
    [
      'goldtune records import golden.jsonl --connection 656777c9eb4e22533dc43fce',
      'goldtune records import export.csv --prompt-column Frage --sql-column Abfrage --connection 656777c9eb4e22533dc43fce',
      'goldtune records import - --connection 656777c9eb4e22533dc43fce < golden.csv',
    ],
    usual,
  );

  const list = records
    .command('list')
    .description('list golden records, newest first')
    .option('--connection <id>', 'only those of this database connection');
  paged(list).action(async ({ connection, ...page }: Page & { connection?: string }, command: Command) => {
    const session = openSession(command);
    const list = (next: Page) => session.goldtune.goldenRecords.list.query({ ...next, db_connection_id: connection });
    const found = await list(page);
    session.show(found, () =>
      table(
        ['id', { name: 'prompt', least: 8 }, { name: 'sql', least: 8 }, 'flagged'],
        found.map(({ id, prompt_text, sql, warnings }) => [
          id,
          oneLine(prompt_text),
          oneLine(sql),
          warnings.length > 0 ? 'yes' : 'no',
        ]),
        session.width,
      ),
    );
    await hintAtMore(session, found, list);
  });
  explainIn(list, ['goldtune records list --connection 656777c9eb4e22533dc43fce --limit 20'], usual);

  const get = records
    .command('get')
    .description('show one golden record, also one that was deleted')
    .argument('<id>', 'of the golden record')
    .action(async (id: string, _options: object, command: Command) => {
      const { goldtune, show } = openSession(command);
      const found = await goldtune.goldenRecords.get.query({ id });
      show(found, () => recordText(found));
    });
  explainIn(get, ['goldtune records get 656777c9eb4e22533dc43fcf --json | jq -r .sql'], usual);

  const remove = records
    .command('delete')
    .description('hide golden records from new runs; runs trained on them keep them')
    .argument('<id...>', 'of the golden records; with --json a line an id')
    .action(async (ids: string[], _options: object, command: Command) => {
      const { goldtune, explain, line } = openSession(command);
      const outcomes: Outcome[] = [];
      for (const id of ids) {
        try {
          const answer = await goldtune.goldenRecords.delete.mutate({ id });
          line({ id, ...answer }, () => `${id} is hidden from new runs`);
        } catch (error) {
          const outcome = outcomeOf(error);
          // What is wrong with one id says nothing of the next.
          if (outcome !== 'not_found' && outcome !== 'invalid') throw error;
          complain(ids.length > 1 ? `${id}: ${explain(error)}` : explain(error));
          outcomes.push(outcome);
        }
      }
      endAs(gravest(outcomes));
    });
  explainIn(
    remove,
    [
      'goldtune records delete 656777c9eb4e22533dc43fcf',
      'goldtune records list --connection 656777c9eb4e22533dc43fce --json | jq -r ".[].id" | xargs -r goldtune records delete',
    ],
    usual,
  );
}

function columnName(given: string): string {
  if (given.trim() !== '') return given;
  throw new InvalidArgumentError('Give the name of a column of the file.');
}

const recordText = ({ prompt_text, sql, warnings, ...record }: GoldenRecord): string => {
  const fields = details([
    ['id', record.id],
    ['connection', record.db_connection_id],
    ['flagged', oneLine(warnings.join('; '))],
    ['metadata', metadataText(record.metadata)],
    ['created', record.created_at],
    ['deleted', record.deleted_at],
  ]);
  return [fields, manyLines(prompt_text), manyLines(sql)].join('\n\n');
};
