// Example logs, as JSON and as the plain text that they are.
import type { LogsView } from '../../../finetuning/contract/logs.ts';
import { atProvider } from './finetunings.ts';

const value: LogsView = {
  finetuning_id: atProvider.id,
  model_provider: 'gpus',
  job_id: '4711',
  text: 'step 16 loss 0.45\nstep 17 loss 0.42\n',
  cut_off: false,
};

export const printed = { summary: 'The last two steps', value };
export const printedText = { summary: printed.summary, value: value.text };
