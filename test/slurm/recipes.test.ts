// The recipes in examples/slurm are configurations that goldtune takes as they are.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readConfig } from '../../server/config.ts';
import { trainingCommand } from '../../server/provider/slurm/command.ts';

const place = new URL('../../examples/slurm/', import.meta.url);

test.each(readdirSync(place).filter((name) => name.endsWith('.yaml')))('%s can be started with', (name) => {
  const [provider] = readConfig({
    PROVIDERS_FILE: fileURLToPath(new URL(name, place)),
    SLURM_JWT: 'a-token',
  }).providers;
  if (provider?.kind !== 'slurm') throw new Error('it names no Slurm');
  const { parameters, text } = trainingCommand(provider.command);
  expect(parameters).toEqual(expect.arrayContaining(['n_epochs', 'batch_size', 'learning_rate']));
  expect(text).toContain('GOLDTUNE_TRAINING_FILE');
});
