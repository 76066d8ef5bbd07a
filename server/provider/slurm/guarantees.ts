// What Slurm guarantees, as its real daemons have shown it: a controller forgets what it has acknowledged, ids and all.
import type { Parameter } from '../../finetuning/catalogue.ts';
import type { Guarantees } from '../../finetuning/guarantees.ts';

export const slurmGuarantees: Guarantees = {
  start: 'held',
  // A cancel that was confirmed by a GET has been undone by a crash of the controller, and the job then ran.
  stop: 'fence_then_cancel',
  fence: 'file',
  identity: 'assigned',
  tag: 'name_and_comment',
  cancel: {
    // Shown as COMPLETING until the last process of it is gone.
    asynchronous: true,
    may_finish_anyway: false,
    // Dropped MinJobAge after its end; what remains is what the job has written into its own folder.
    keeps_record: false,
    billed: 'Nothing: the machines are your own.',
  },
  verified: {
    against: 'real engine',
    on: '2026-11-29',
    note:
      'Slurm 22.05.8 (v0.0.38) and 24.11.5 (v0.0.42), with their controllers stopped, killed and set back. What is sent ' +
      'by id is sent within 2 s of a look that shows our job there; should the controller crash in between and give that ' +
      'id to another job, it reaches that one, which a look afterwards tells.',
  },
};

/** Those that a command can have placeholders for; each provider takes the ones that its own command has. */
export const slurmParameters: readonly Parameter[] = ['n_epochs', 'batch_size', 'learning_rate', 'lora'];
