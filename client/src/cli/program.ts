// The command tree: the global options, the groups of commands, and how commander words what it refuses.
import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { addAudit } from './audit/commands.ts';
import { addBulkCancels } from './bulk-cancels/commands.ts';
import { addCompletion } from './completion/commands.ts';
import { addConnections } from './connections.ts';
import { addFinetunings } from './finetunings/commands.ts';
import { addHelp, explainCodes, explainIn } from './help.ts';
import { addKeys } from './keys/commands.ts';
import { someSeconds } from './option-values.ts';
import { addPeople } from './people/commands.ts';
import { addWhoAmI } from './people/whoami.ts';
import { addProviders } from './providers/commands.ts';
import { addRecords } from './records/commands.ts';
import { complain, DEFAULT_URL } from './session.ts';
import { suggestIn, withOptionMeant } from './suggestions.ts';
import { oneLine } from './text.ts';
import { addWebhooks } from './webhooks/commands.ts';

export function createProgram(): Command {
  const program = new Command('goldtune');
  program
    .description('Fine-tuning runs from golden records: started, followed, and stopped with certainty.')
    .version(version(), '--version', 'print the version')
    .addOption(new Option('--url <address>', 'where goldtune listens').env('GOLDTUNE_URL').default(DEFAULT_URL))
    .addOption(new Option('--api-key <key>', 'sent as a bearer token').env('GOLDTUNE_API_KEY'))
    .addOption(
      new Option('--request-timeout <seconds>', 'how long goldtune may take to answer, beyond what it is asked to wait')
        .env('GOLDTUNE_REQUEST_TIMEOUT')
        .argParser(someSeconds)
        .default(30),
    )
    .option('--json', 'one JSON document on stdout, of `watch` one line per event')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      outputError: (text) => complain(oneLine(withOptionMeant(program, text.replace(/^error: /, '')))),
    })
    // Inherited by the commands made below: nothing but main.ts ends the process.
    .exitOverride();

  addConnections(program);
  addRecords(program);
  addFinetunings(program);
  addBulkCancels(program);
  addProviders(program);
  addKeys(program);
  addAudit(program);
  addWebhooks(program);
  addPeople(program);
  addWhoAmI(program);
  addCompletion(program);
  addHelp(program);
  suggestIn(program);

  explainIn(program, [
    'goldtune connections create --alias library --schema schema.sql',
    'goldtune records import golden.jsonl --connection 656777c9eb4e22533dc43fce',
    'goldtune finetunings create --connection 656777c9eb4e22533dc43fce --watch',
    'goldtune finetunings cancel 656777c9eb4e22533dc43fd0 --reason "wrong schema"',
    'goldtune finetunings list --status running --json | jq -r ".[].id"',
  ]);
  return explainCodes(program, 'Exit codes:');
}

/** Of the package, which is two folders up from here, compiled or not. */
function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return String(Object(manifest).version);
}
