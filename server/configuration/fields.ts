// The forms of what stands in an entry of PROVIDERS_FILE: names of variables, addresses, a profile, a command.
import { posix } from 'node:path';
import { z } from 'zod';
import { nearestName } from '../finetuning/nearest.ts';
import { profileSchema, profiles } from '../provider/openai/compatible.ts';
import { trainingCommand } from '../provider/slurm/command.ts';
import { secretSettings } from '../secret-files.ts';
import { azureAddress, providerAddress, secretsIn } from '../setting.ts';
import { looksSecret } from './looks-secret.ts';
import { zodWords } from './problems.ts';

const LONGEST_TEXT = 10_000;

/**
 * Whoever puts the secret itself here is not shown it again: only what can be a name passes.
 * @param settings those that may be named, of the variables that goldtune has for its own secrets
 */
const variableBesides = (settings: RegExp, example: string) =>
  z
    .string()
    .refine(
      (name) => /^[A-Z][A-Z0-9_]{0,127}$/.test(name) && !looksSecret(name),
      `names the variable that holds the secret, in capitals, such as ${example}; the secret itself does not belong into this file`,
    )
    .refine(
      (name) => settings.test(name) || !secretSettings.includes(name),
      'names a secret of goldtune itself; give the provider one of its own',
    );

export const variable = variableBesides(/^(AZURE_)?OPENAI_API_KEY$/, 'NEBIUS_API_KEY');
export const webhookVariable = variableBesides(/^OPENAI_WEBHOOK_SECRET$/, 'OPENAI_WEBHOOK_SECRET');

export const line = z
  .string()
  .trim()
  .min(1)
  .max(LONGEST_TEXT)
  .refine((given) => !/\p{Cc}/u.test(given), 'holds a line break or another control character');

const NAME_IT = 'name the variable that holds the key in its field that ends in _env';
export const httpAddress = providerAddress(NAME_IT).refine(
  (url) => secretsIn(url).length === 0,
  `must hold no key; ${NAME_IT}`,
);

const socketAddress = line.transform((address) => `unix:${posix.normalize(address.slice('unix:'.length))}`);
export const slurmAddress = z.string().transform((address, context) => {
  const isSocket = address.startsWith('unix:/');
  const parsed = (isSocket ? socketAddress : httpAddress).safeParse(address);
  if (parsed.success) return isSocket ? parsed.data : new URL(parsed.data).href.replace(/\/+$/, '');
  const [issue] = parsed.error.issues;
  context.addIssue({ code: 'custom', message: `${issue?.message}; or a socket, unix:/PATH` });
  return z.NEVER;
});

const known = Object.keys(profiles);
/** Of a host that is known by name, or as it is written down here. */
export const profile = z.unknown().transform((given, context) => {
  if (given === undefined) {
    const message = `is needed: ${known.join(' or ')}, or of another host what it does otherwise than OpenAI, written down here; one that does nothing otherwise is of kind openai`;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
  if (typeof given === 'string') {
    const found = Object.entries(profiles).find(([name]) => name === given)?.[1];
    if (found) return found;
    const nearest = nearestName(given, known);
    const advice = nearest === null ? `known are ${known.join(', ')}` : `did you mean ${nearest}?`;
    context.addIssue({ code: 'custom', message: `is not known; ${advice}; of another host, write it down here` });
    return z.NEVER;
  }
  const parsed = profileSchema.safeParse(given, zodWords);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) context.addIssue({ ...issue });
  return z.NEVER;
});

/** Read as the adapter reads it, so that its placeholders are known at the start. */
export const command = z
  .string()
  .max(LONGEST_TEXT)
  .superRefine((template, context) => {
    try {
      trainingCommand(template);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'cannot be read' });
    }
  });

/** A label, that stands in answers and in the log. */
export const label = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{0,62}$/, 'must be 1 to 63 letters, digits, "_", "." or "-"')
  .refine((name) => !looksSecret(name), 'is a label, and looks like a secret');

const DIRECTORY = 'must be an absolute path without %, the same on the cluster';
export const directory = line
  .refine((path) => posix.isAbsolute(path) && !path.includes('%'), DIRECTORY)
  .transform((path) => posix.join(path, '.'));

export const azureResource = azureAddress(NAME_IT);
