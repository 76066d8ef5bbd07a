// What can come next on a command line, read off the command tree itself: it cannot be out of date. Pure.
import type { Argument, Command, Option } from 'commander';

export type Completion = { words: string[]; files: boolean };

/** `words` is what stands after the program's name, the last of them being typed and perhaps empty. */
export function complete(program: Command, words: readonly string[]): Completion {
  const typed = words.at(-1) ?? '';
  const { command, option, operands } = placeAfter(program, words.slice(0, -1));
  const { words: candidates, files } = candidatesAt(command, option, operands, typed);
  return { words: candidates.filter((word) => word.startsWith(typed)), files };
}

/** Which command is meant so far, how many arguments it has, and which option waits for its value. */
function placeAfter(program: Command, words: readonly string[]) {
  let command = program;
  let option: Option | undefined;
  let operands = 0;
  for (const word of words) {
    if (option) {
      option = undefined;
    } else if (word.startsWith('-')) {
      const found = optionsOf(command).find(({ long, short }) => word === long || word === short);
      option = found?.required ? found : undefined;
    } else {
      const next = command.commands.find((sub) => sub.name() === word);
      if (next) command = next;
      else operands += 1;
    }
  }
  return { command, option, operands };
}

function candidatesAt(command: Command, option: Option | undefined, operands: number, typed: string): Completion {
  if (option) return { words: option.argChoices ?? [], files: option.flags.includes('<file>') };
  if (typed.startsWith('-')) return { words: optionsOf(command).flatMap(({ long }) => long ?? []), files: false };
  const subcommands = command.createHelp().visibleCommands(command);
  if (subcommands.length > 0) return { words: subcommands.map((sub) => sub.name()), files: false };
  const argument = argumentAt(command.registeredArguments, operands);
  return { words: argument?.argChoices ?? [], files: argument?.name() === 'file' };
}

const argumentAt = (expected: readonly Argument[], at: number) =>
  expected[at] ?? expected.findLast(({ variadic }) => variadic);

/** Its own and those of all above it. */
function optionsOf(command: Command): Option[] {
  const own = command.createHelp().visibleOptions(command);
  return command.parent
    ? [...own, ...optionsOf(command.parent).filter(({ long }) => long !== '--help' && long !== '--version')]
    : own;
}
