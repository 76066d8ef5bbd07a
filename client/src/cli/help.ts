// What --help adds to commander's own: examples, and what the exit codes say.
import type { Command } from 'commander';
import { exitCodeLines, type Outcome } from './exit-codes.ts';

/** The outcomes are those that set the command apart; all of them are in `goldtune --help`. */
export function explainIn(command: Command, examples: readonly string[], outcomes: readonly Outcome[] = []): Command {
  const codes = outcomes.length > 0 ? ['', 'Exit codes (all: goldtune --help):', ...exitCodeLines(outcomes)] : [];
  return command.addHelpText('after', ['', 'Examples:', ...examples.map((line) => `  $ ${line}`), ...codes].join('\n'));
}
