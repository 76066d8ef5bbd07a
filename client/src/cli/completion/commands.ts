// `goldtune completion SHELL` prints what a shell loads; the hidden `goldtune complete` is what that asks.
import { Argument, type Command } from 'commander';
import { explainIn } from '../help.ts';
import { oneOf } from '../options.ts';
import { complete } from './complete.ts';
import { FILES, type Shell, scripts } from './scripts.ts';

const setup: Record<Shell, string> = {
  bash: "echo 'source <(goldtune completion bash)' >> ~/.bashrc",
  zsh: "echo 'source <(goldtune completion zsh)' >> ~/.zshrc  # after compinit",
  fish: 'goldtune completion fish > ~/.config/fish/completions/goldtune.fish',
};

const shells = Object.keys(scripts);

export function addCompletion(program: Command): void {
  const completion = program
    .command('completion')
    .description('print the completion script of a shell')
    .addArgument(new Argument('<shell>', 'whose script').choices(shells).argParser(oneOf(shells)))
    .action((shell: Shell) => void process.stdout.write(`${scripts[shell]}\n`));
  explainIn(completion, Object.values(setup));

  program
    .command('complete', { hidden: true })
    .argument('[words...]', 'of the command line, without the program')
    .action((words: string[]) => {
      const { words: found, files } = complete(program, words);
      process.stdout.write(`${(files ? [FILES] : found).join('\n')}\n`);
    });
}
