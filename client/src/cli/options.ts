// Kinds of options that commander has too, but which see what was misspelt.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { didYouMean, nearest } from './suggestions.ts';

/** Must be given. commander asks for such an option before it looks whether one is misspelt. */
export function required(
  command: Command,
  flags: string,
  description: string,
  dressed: (option: Option) => Option = (option) => option,
): Command {
  const option = dressed(new Option(flags, `${description} (required)`));
  return command.addOption(option).hook('preAction', (_, acting) => {
    const given = acting.getOptionValue(option.attributeName());
    if (given === undefined) acting.error(`required option '${flags}' not specified`);
  });
}

/** One of a few words, as an option's or an argument's parser. */
export const oneOf =
  <const Choice extends string>(choices: readonly Choice[]) =>
  (given: string): Choice => {
    const chosen = choices.find((choice) => choice === given);
    if (chosen !== undefined) return chosen;
    const meant = nearest(given, choices);
    throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.${didYouMean(meant ? [meant] : [])}`);
  };
