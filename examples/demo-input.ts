// What `npm run demo` works on: the sample, or files of somebody's own, checked before anything is started.
import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { dialect } from '../server/finetuning/contract/db-connections.ts';
import { UnreadableFile } from '../server/finetuning/golden-records/file/problem.ts';
import { readFile as readRecordsFile } from '../server/finetuning/golden-records/file/read-file.ts';
import type { FileRecord } from '../server/finetuning/golden-records/file/record.ts';

const USAGE =
  'usage: npm run demo -- [--records FILE.jsonl|FILE.csv] [--schema FILE.sql] [--dialect NAME] [--provider NAME]';
export const HELP = `${USAGE}

The main job end to end: golden records in, a run started and watched, cancelled half-way, its receipt and the provider's
own ledger shown. Takes half a minute, bills nothing, leaves nothing behind. On the sandbox nothing is trained; on Slurm a
tiny model really is, on daemons started for it, and a second run is cancelled while their controller is killed.

  --records FILE  golden records of your own, ten or more: CSV (also ; tabs |), JSONL or a JSON array
                  (default: those of the sample library)
  --schema FILE   the schema of your database, as SQL (default: the sample's; with --records: none)
  --dialect NAME  the SQL of your database (default: postgresql; with --records: sqlite)
  --provider NAME sandbox, or slurm: needs Debian's packages of Slurm, and root (default: sandbox)
  -h, --help      this help

Examples:
  $ npm run demo
  $ npm run demo -- --provider slurm
  $ npm run demo -- --records golden.jsonl --schema schema.sql --dialect postgresql

Exit codes:
  0  The run was cancelled, and the provider's ledger shows one job, cancelled.
  1  A file cannot be used, or something unexpected went wrong.
  2  The command line is wrong.`;
const FEWEST_RECORDS = 10;

/** What is wrong and what to do, in one line; `exit_code` 2 where the command was misspelt. */
export class DemoError extends Error {
  readonly exit_code: 1 | 2;

  constructor(message: string, exit_code: 1 | 2 = 1) {
    super(message);
    this.exit_code = exit_code;
  }
}

export type DemoInput = {
  alias: string;
  dialect: string;
  schema_sql: string;
  records: FileRecord[];
};

/** Null: help is asked for. @throws DemoError */
export async function demoInput(args: string[]): Promise<(DemoInput & { provider: 'sandbox' | 'slurm' }) | null> {
  const given = options(args);
  if (given.help) return null;
  const provider = given.provider ?? 'sandbox';
  if (provider !== 'sandbox' && provider !== 'slurm')
    throw new DemoError(`--provider must be sandbox or slurm. ${USAGE}`, 2);
  const spoken = dialect.safeParse(given.dialect ?? (given.records ? 'sqlite' : 'postgresql'));
  if (!spoken.success) throw new DemoError(`--dialect must be a name such as sqlite. ${USAGE}`, 2);
  const records = await recordsOf(given.records ?? sample('golden-records.jsonl'));
  const schema = given.schema ?? (given.records ? null : sample('schema.sql'));
  return {
    provider,
    alias: given.records ? 'demo' : 'library',
    dialect: spoken.data,
    schema_sql: schema ? (await read(schema, '--schema')).toString() : '',
    records,
  };
}

const sample = (file: string) => new URL(`library/${file}`, import.meta.url);

function options(args: string[]) {
  try {
    const text = { type: 'string' } as const;
    const help = { type: 'boolean', short: 'h' } as const;
    return parseArgs({ args, options: { records: text, schema: text, dialect: text, provider: text, help } }).values;
  } catch (error) {
    const [problem] = String(error instanceof Error ? error.message : error).split(/\. |\n/);
    throw new DemoError(`${problem}. ${USAGE} (--help tells more)`, 2);
  }
}

async function recordsOf(file: string | URL): Promise<FileRecord[]> {
  const bytes = await read(file, '--records');
  const { records: found } = await readRecordsFile(Readable.from([bytes])).catch((error: unknown) => {
    if (!(error instanceof UnreadableFile)) throw error;
    const [first] = error.problems;
    const more = error.count > 1 ? `; ${error.count - 1} more cannot be used either` : '';
    throw new DemoError(`${file}${first?.line ? `, line ${first.line}` : ''}: ${error.message}${more}.`);
  });
  const records = found.map(({ record }) => record);
  const distinct = new Set(records.map(({ prompt_text, sql }) => JSON.stringify([prompt_text, sql]))).size;
  if (distinct >= FEWEST_RECORDS) return records;
  throw new DemoError(
    `${file} holds ${distinct} distinct golden records; a run needs ${FEWEST_RECORDS}: add more, or leave --records out to use the sample.`,
  );
}

async function read(file: string | URL, option: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DemoError(`${option}: ${file} cannot be read (${reason}). Give the path of a file that exists.`);
  }
}
