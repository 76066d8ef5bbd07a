// What --help adds to commander's own: examples, what the exit codes say, and help by way of several levels.
import type { Command } from 'commander';
import { exitCodeRows, type Outcome } from './exit-codes.ts';
import { pathOf, refuseUnknown } from './suggestions.ts';

/** Of whatever asks the server about something by its id. */
export const usual: readonly Outcome[] = ['invalid', 'not_found', 'denied', 'unreachable'];

/** The outcomes are those that set the command apart; all of them are in `goldtune --help`. */
export function explainIn(command: Command, examples: readonly string[], outcomes: readonly Outcome[] = []): Command {
  command.addHelpText('after', ['', 'Examples:', ...examples.map((line) => `  $ ${line}`)].join('\n'));
  return outcomes.length > 0 ? explainCodes(command, 'Exit codes (all: goldtune --help):', outcomes) : command;
}

/** The rows of the table, all or some, wrapped where somebody reads them. */
export function explainCodes(command: Command, title: string, outcomes?: readonly Outcome[]): Command {
  const wrapped = (text: string, room: number | undefined) =>
    room === undefined
      ? text
      : command
          .createHelp()
          .boxWrap(text, room - INDENT)
          .replaceAll('\n', `\n${' '.repeat(INDENT)}`);
  return command.addHelpText('after', ({ error }) => {
    const { getErrHelpWidth, getOutHelpWidth } = command.configureOutput();
    const room = error ? getErrHelpWidth?.() : getOutHelpWidth?.();
    const lines = exitCodeRows(outcomes).map(
      ({ code, meaning }) => `  ${String(code).padEnd(5)}${wrapped(meaning, room)}`,
    );
    return ['', title, ...lines].join('\n');
  });
}

const INDENT = 7;

/** Beside commander's own, which looks one level down only: `goldtune help finetunings cancel`. */
export function addHelp(program: Command): void {
  const help = program
    .helpCommand(false)
    .command('help')
    .description('display help for a command')
    .argument('[command...]', 'by its whole name')
    .action((words: string[]) => {
      let command = program;
      for (const [at, word] of words.entries()) {
        const next = command.commands.find((sub) => sub.name() === word);
        if (!next && command.commands.length > 0) refuseUnknown(command, words.slice(at));
        command = next ?? command;
      }
      command.help();
    });
  explainIn(help, ['goldtune help finetunings cancel']);

  // Help that nobody asked for: a group was named, and nothing of it.
  program.addHelpText('afterAll', ({ error, command }) =>
    error ? `\ngoldtune: a command is missing after \`${pathOf(command).join(' ')}\`` : '',
  );
}
