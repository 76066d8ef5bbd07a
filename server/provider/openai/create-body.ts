// What is sent to create a job: where the hyperparameters stand, what they are called, and what carries our tag.
import type { JobRequest } from '../../finetuning/provider.ts';
import type { Profile } from './profile.ts';
import { suffixFor } from './suffix.ts';

export function createBody(profile: Profile, request: JobRequest) {
  const { model_name, training_file_id, suffix, tag } = request;
  const chosen = hyperparametersOf(profile, request);
  const marked = profile.tag === 'suffix_and_file' ? suffixFor(tag, suffix, profile.longest_suffix) : suffix;
  return {
    model: model_name,
    training_file: training_file_id,
    ...(marked ? { suffix: marked.slice(0, profile.longest_suffix) } : {}),
    ...(profile.hyperparameters === 'method'
      ? { method: { type: 'supervised', supervised: { hyperparameters: chosen } } }
      : { hyperparameters: chosen }),
    ...(profile.tag === 'metadata' ? { metadata: { ...tag } } : {}),
  };
}

/** Those that the host knows; what it does not know was refused before. */
function hyperparametersOf({ parameters, auto, lora }: Profile, request: JobRequest): Record<string, unknown> {
  const chosen: Record<string, unknown> = {};
  for (const parameter of parameters) {
    const value = request[parameter];
    if (value === null || (value === 'auto' && auto === 'left_out')) continue;
    if (typeof value !== 'object') chosen[parameter] = value;
    else if (lora) {
      if (lora.enabled !== null) chosen[lora.enabled] = true;
      chosen[lora.r] = value.r;
      chosen[lora.alpha] = value.alpha;
      chosen[lora.dropout] = value.dropout;
    }
  }
  return chosen;
}
