// What OpenAI guarantees and takes, as far as its published API says it; runs were held against the sandbox.
import { guaranteesOf } from './profile.ts';
import { openAiProfile } from './profiles.ts';

export const openAiGuarantees = guaranteesOf(openAiProfile);
export const openAiParameters = openAiProfile.parameters;
