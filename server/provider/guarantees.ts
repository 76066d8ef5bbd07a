// What each provider that goldtune knows by name declares, without one being opened: docs/providers.md is made of it.
import type { Parameter } from '../finetuning/catalogue.ts';
import type { Guarantees } from '../finetuning/guarantees.ts';
import { guaranteesOf, type Profile } from './openai/profile.ts';
import { azureProfile, nebiusProfile, openAiProfile } from './openai/profiles.ts';
import { slurmGuarantees, slurmParameters } from './slurm/guarantees.ts';

export type Declared = {
  /** As people call it. */
  called: string;
  guarantees: Guarantees;
  parameters: readonly Parameter[];
};

const ofProfile = (called: string, profile: Profile): Declared => ({
  called,
  guarantees: guaranteesOf(profile),
  parameters: profile.parameters,
});

export const declared: readonly Declared[] = [
  ofProfile('OpenAI', openAiProfile),
  ofProfile('Azure OpenAI', azureProfile),
  ofProfile('Nebius Token Factory', nebiusProfile),
  { called: 'Slurm', guarantees: slurmGuarantees, parameters: slurmParameters },
];
