// The tiny trainer as the command of a provider.
import { fileURLToPath } from 'node:url';
import { quoted } from '../../../server/provider/slurm/script.ts';

const TRAINER = fileURLToPath(new URL('../tiny-trainer.mjs', import.meta.url));

/** @param more options of the trainer */
export const tinyCommand = (more = '') =>
  [
    quoted(process.execPath),
    quoted(TRAINER),
    '--data {training_file} --output {output_directory} --model {model}',
    '--epochs {n_epochs:3} --batch-size {batch_size:1} --learning-rate {learning_rate:0.5}',
    more,
  ].join(' ');
