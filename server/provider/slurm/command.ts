// The operator's training command: a shell text whose placeholders become variables. No text of a request is part of it.
import type { Parameter } from '../../finetuning/catalogue.ts';
import type { JobRequest } from '../../finetuning/provider.ts';
import { isAtQuotes } from './quoting.ts';

/** Each placeholder, and the environment variable that holds its value in the job. */
const variables = {
  model: 'GOLDTUNE_MODEL',
  training_file: 'GOLDTUNE_TRAINING_FILE',
  output_directory: 'GOLDTUNE_OUTPUT_DIRECTORY',
  suffix: 'GOLDTUNE_SUFFIX',
  n_epochs: 'GOLDTUNE_N_EPOCHS',
  batch_size: 'GOLDTUNE_BATCH_SIZE',
  learning_rate: 'GOLDTUNE_LEARNING_RATE',
  lora_r: 'GOLDTUNE_LORA_R',
  lora_alpha: 'GOLDTUNE_LORA_ALPHA',
  lora_dropout: 'GOLDTUNE_LORA_DROPOUT',
} as const;
type Placeholder = keyof typeof variables;

/** `{n_epochs}`, or with what is used where a run leaves it out or says "auto": `{n_epochs:3}`. */
const PLACEHOLDER = /(?<![$\\])\{(?<name>[a-z_]+)(?::(?<fallback>[A-Za-z0-9._-]+))?\}/g;

const isPlaceholder = (name: string): name is Placeholder => name in variables;

export type Command = {
  /** For the shell, which takes the values from the environment: in it they are one word each, and never read as code. */
  text: string;
  parameters: readonly Parameter[];
  /** The environment of a job. @throws Error that says what the run has to give */
  environment(request: JobRequest, places: { training_file: string; output_directory: string }): Record<string, string>;
};

/** @throws Error that says what is wrong with the template */
export function trainingCommand(template: string): Command {
  if (template.trim() === '' || template.includes('\0')) throw new Error('the training command is empty or no text');
  const used = [...template.matchAll(PLACEHOLDER)].map(({ 0: all, index, groups }) => {
    const name = groups?.['name'] ?? '';
    if (isPlaceholder(name) && isAtQuotes(template, index, index + all.length))
      throw new Error(
        `the training command has ${all} in or beside quotes; leave the quotes out, as it is one word already, or write "$${variables[name]}" inside a text for another shell`,
      );
    if (isPlaceholder(name)) return { name, fallback: groups?.['fallback'] ?? null };
    throw new Error(
      `the training command has a placeholder {${name}} that is not known; there are {${Object.keys(variables).join('}, {')}}. Write \\{ for a brace that is meant`,
    );
  });
  const names = new Set<string>(used.map(({ name }) => name));
  if (!names.has('training_file'))
    throw new Error('the training command does not use {training_file}, so that it cannot train on the records');
  const needed = new Set(used.filter(({ fallback }) => fallback === null).map(({ name }) => name));
  return {
    text: template
      .replaceAll(PLACEHOLDER, (_all, name: Placeholder, fallback?: string) =>
        fallback === undefined ? `"\${${variables[name]}}"` : `"\${${variables[name]}:-${fallback}}"`,
      )
      .replaceAll(/\\(?=\{)/g, ''),
    parameters: [
      ...(['n_epochs', 'batch_size', 'learning_rate'] as const).filter((name) => names.has(name)),
      ...(names.has('lora_r') || names.has('lora_alpha') || names.has('lora_dropout') ? (['lora'] as const) : []),
    ],
    environment: (request, places) => {
      const values: Record<Placeholder, string | number | null> = {
        model: request.model_name,
        ...places,
        suffix: request.suffix ?? '',
        n_epochs: request.n_epochs,
        batch_size: request.batch_size,
        learning_rate: request.learning_rate,
        lora_r: request.lora?.r ?? null,
        lora_alpha: request.lora?.alpha ?? null,
        lora_dropout: request.lora?.dropout ?? null,
      };
      return Object.fromEntries(
        Object.entries(values).flatMap(([name, value]) => {
          if (!isPlaceholder(name)) return [];
          if (value !== null && value !== 'auto') return [[variables[name], usable(name, String(value))]];
          if (needed.has(name))
            throw new Error(
              `the training command needs ${name.replace('_', name.startsWith('lora') ? '.' : '_')}, which this run leaves to it: give it, or configure {${name}:VALUE}`,
            );
          return [];
        }),
      );
    },
  };
}

/** An environment holds every text but this one, and a trainer takes a model that begins with a dash as an option. */
function usable(name: Placeholder, value: string): string {
  if (name === 'model' && value.startsWith('-'))
    throw new Error(`no model can be called ${JSON.stringify(value)}: a trainer would take it as an option`);
  if (value.includes('\0')) throw new Error(`${name} holds a NUL, which no command can be given`);
  return value;
}
