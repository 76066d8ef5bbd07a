// `goldtune finetunings …`: runs are created, looked at and changed here; following and stopping have their own files.
import { type Command, Option } from 'commander';
import type { Finetuning, RouterInputs } from '../../generated/router.ts';
import { explainIn, usual } from '../help.ts';
import { list, pair, parameter, someNumber, wholeNumber } from '../option-values.ts';
import { oneOf, required } from '../options.ts';
import { hintAtMore, type Page, paged } from '../paging.ts';
import { openSession } from '../session.ts';
import { type CreateOptions, createInputFrom } from './create-input.ts';
import { addFollowing, follow, followOutcomes } from './follow.ts';
import { addLogs } from './logs.ts';
import { eventText, runTable, runText } from './run-text.ts';
import { addStopping } from './stop.ts';

const statuses: readonly Finetuning['status'][] = [
  'queued',
  'validating_files',
  'running',
  'succeeded',
  'failed',
  'cancelled',
];
type Filter = Page & { connection?: string; status?: Finetuning['status']; model?: string };
type Changes = Omit<RouterInputs['finetunings']['update'], 'id'>;

export function addFinetunings(program: Command): void {
  const finetunings = explainIn(program.command('finetunings').description('runs: started, followed, and stopped'), [
    'goldtune finetunings create --connection 656777c9eb4e22533dc43fce --watch',
    'goldtune finetunings cancel 656777c9eb4e22533dc43fd0',
  ]);
  addCreate(finetunings);
  addReading(finetunings);
  addFollowing(finetunings);
  addLogs(finetunings);
  addStopping(finetunings);
}

function addCreate(finetunings: Command): void {
  const create = finetunings.command('create').description('start a run on golden records');
  required(create, '--connection <id>', 'the database connection to train for')
    .option('--alias <name>', 'a name for people')
    .option('--provider <name>', 'who trains it (default: the standard one of `goldtune providers list`)')
    .option('--model <name>', "the base model (default: the provider's)")
    .option('--epochs <number>', 'passes over the examples, or auto (default: 3)', parameter)
    .option('--batch-size <number>', 'examples a step, or auto (default: 1)', parameter)
    .option('--learning-rate-multiplier <number>', 'scales the learning rate, or auto (default: auto)', parameter)
    .option('--learning-rate <number>', 'the learning rate itself, where the provider takes it', someNumber)
    .option('--lora-r <number>', 'rank of the LoRA matrices, where the provider takes it', wholeNumber)
    .option('--lora-alpha <number>', 'what they are scaled by, divided by the rank', wholeNumber)
    .option('--lora-dropout <number>', 'how much of them is left out in each step (default: 0)', someNumber)
    .option('--records <id,id...>', 'the golden records to train on (default: all of the connection)', list)
    .option('--metadata <key=value...>', 'your own keys and values', pair)
    .option('--idempotency-key <key>', 'however often it is sent with this key, one run is started')
    .option('--watch', 'then watch it to its end')
    .action(async (options: CreateOptions, command: Command) => {
      const session = openSession(command);
      const run = await session.goldtune.finetunings.create.mutate(createInputFrom(options));
      if (!options.watch) return session.show(run, () => runText(run, session.paint));
      session.line(run, () => `${run.id} created`);
      return follow(session, run.id);
    });
  explainIn(
    create,
    [
      'goldtune finetunings create --connection 656777c9eb4e22533dc43fce --alias my_model --epochs 3',
      'goldtune finetunings create --connection 656777c9eb4e22533dc43fce --provider gpus --learning-rate 0.0001 --lora-r 16 --lora-alpha 32',
      'goldtune finetunings create --connection 656777c9eb4e22533dc43fce --metadata team=analytics stage=trial --watch',
    ],
    [...usual, ...followOutcomes],
  );
}

function addReading(finetunings: Command): void {
  const listing = finetunings
    .command('list')
    .description('list runs, newest first')
    .option('--connection <id>', 'only those of this database connection')
    .addOption(
      new Option('--status <status>', 'only those in this status').choices(statuses).argParser(oneOf(statuses)),
    )
    .option('--model <name>', 'only those of this base model');
  paged(listing).action(async ({ connection, ...filter }: Filter, command: Command) => {
    const session = openSession(command);
    const list = (page: Partial<Page>) =>
      session.goldtune.finetunings.list.query({ ...filter, ...page, db_connection_id: connection });
    const found = await list({});
    session.show(found, () => runTable(found, session.paint, session.width));
    await hintAtMore(session, found, list);
  });
  explainIn(
    listing,
    [
      'goldtune finetunings list --status running',
      'goldtune finetunings list --json | jq -r ".[] | [.id, .status] | @tsv"',
    ],
    usual,
  );

  const get = finetunings
    .command('get')
    .description('show a run as goldtune last recorded it')
    .argument('<id>', 'of the finetuning')
    .action(async (id: string, _options: object, command: Command) => {
      const session = openSession(command);
      const run = await session.goldtune.finetunings.get.query({ id });
      session.show(run, () => runText(run, session.paint));
    });
  explainIn(get, ['goldtune finetunings get 656777c9eb4e22533dc43fd0 --json | jq -r .model_id'], usual);

  const update = finetunings
    .command('update')
    .description('change the alias or the metadata, and nothing else')
    .argument('<id>', 'of the finetuning')
    .option('--alias <name>', 'a name for people')
    .option('--metadata <key=value...>', 'replaces all of its metadata', pair)
    .action(async (id: string, changes: Changes, command: Command) => {
      const session = openSession(command);
      const run = await session.goldtune.finetunings.update.mutate({ ...changes, id });
      session.show(run, () => runText(run, session.paint));
    });
  explainIn(update, ['goldtune finetunings update 656777c9eb4e22533dc43fd0 --alias my_best_model'], usual);

  const events = finetunings
    .command('events')
    .description('what happened to a run so far, oldest first')
    .argument('<id>', 'of the finetuning')
    .option('--limit <number>', 'how many at most, 1 to 1000', wholeNumber, 1000)
    .option('--after <number>', 'only events after this one', wholeNumber, 0)
    .action(async (id: string, page: { limit: number; after: number }, command: Command) => {
      const session = openSession(command);
      const list = (next: typeof page) => session.goldtune.finetunings.events.query({ ...next, id });
      const found = await list(page);
      session.show(found, () => found.map((event) => eventText(event, session.paint)).join('\n'));
      await hintAtMore(session, found, list);
    });
  explainIn(events, ['goldtune finetunings events 656777c9eb4e22533dc43fd0'], usual);
}
