// The hosts that are known by name. Facts and their sources: docs/providers.md.
import { documentedStatuses, type Profile, profileSchema } from './profile.ts';

const DOCUMENTED = 'Its published API; goldtune’s tests hold an emulator of it against that.';

/** OpenAI itself, and a gateway to it. */
export const openAiProfile: Profile = profileSchema.parse({
  parameters: ['n_epochs', 'batch_size', 'learning_rate_multiplier'],
  auto: 'sent',
  tag: 'metadata',
  cancel: { asynchronous: false, keeps_record: true, billed: 'Not known: OpenAI does not say it of supervised runs.' },
  verified: {
    against: 'document',
    on: '2026-11-25',
    note: 'The published API; every test runs against the sandbox, which follows it.',
  },
});

/** Microsoft's, on its v1 API: OpenAI's but for what stands here. Its list takes no filter by metadata. */
export const azureProfile: Profile = profileSchema.parse({
  parameters: ['n_epochs', 'batch_size', 'learning_rate_multiplier'],
  auto: 'sent',
  tag: 'metadata',
  statuses: {
    ...documentedStatuses,
    pending: 'queued',
    paused: 'active',
    pausing: 'active',
    resuming: 'active',
  },
  queue: { running: 1, queued: 20 },
  errors: 'openai_or_gateway',
  refusals: [
    // 401 is told to a known identity, too, that lacks a role.
    { status: 401, code: 'PermissionDenied', means: 'forbidden' },
    // A full queue empties by itself, whatever quota it is told as.
    ...[400, 403, 429].flatMap((status) =>
      ['queued', 'active fine', ['maximum', 'jobs']].map((says) => ({ status, says, means: 'busy' as const })),
    ),
  ],
  cancel: {
    asynchronous: false,
    keeps_record: true,
    billed:
      'Nothing before training begins, then the work done until it stopped. Deployments and files that are kept go on to cost.',
  },
  verified: { against: 'document', on: '2026-11-25', note: DOCUMENTED },
});

export const nebiusProfile: Profile = profileSchema.parse({
  hyperparameters: 'top_level',
  parameters: ['n_epochs', 'batch_size', 'learning_rate', 'lora'],
  lora: { enabled: 'lora', r: 'lora_r', alpha: 'lora_alpha', dropout: 'lora_dropout' },
  tag: 'suffix_and_file',
  progress: 'job',
  errors: 'openai_or_fastapi',
  cancel: { asynchronous: true, billed: 'Not known: Nebius does not say it.' },
  verified: {
    against: 'document',
    on: '2026-11-25',
    note: `${DOCUMENTED} That it can cancel is told by a user of it; no page of its own was found.`,
  },
});

/** By which a configuration names an OpenAI-compatible host. */
export const profiles: Readonly<Record<string, Profile>> = { nebius: nebiusProfile };
