// `Prefer: wait=N` and `Prefer: respond-async` (RFC 7240): how long a cancel may wait for proof.
import { z } from 'zod';
import { LONGEST_WAIT_MS } from '../../finetuning/contract/finetunings.ts';

export const preferHeader = z.object({
  Prefer: z
    .string()
    .max(1000)
    .optional()
    .meta({
      description: `\`wait=N\`: seconds to wait for proof, up to ${LONGEST_WAIT_MS / 1000}; \`respond-async\`: do not wait (RFC 7240).`,
      example: 'wait=10',
    }),
});

export const preferenceAppliedHeader = z.object({
  'Preference-Applied': z
    .string()
    .optional()
    .meta({ description: 'Which of the preferences was heeded.', example: 'wait=10' }),
});

type Preference = { wait_ms: number; applied: string };

/** Undefined: no preference, or none that is understood, which RFC 7240 says to ignore. */
export function preferredWait(prefer = ''): Preference | undefined {
  const preferences = prefer.split(',').map((part) => part.trim().toLowerCase());
  if (preferences.includes('respond-async')) return { wait_ms: 0, applied: 'respond-async' };
  const seconds = preferences
    .map((part) => /^wait\s*=\s*"?(\d+)"?$/.exec(part)?.[1])
    .find((found) => found !== undefined);
  if (seconds === undefined) return undefined;
  const wait_ms = Math.min(Number(seconds) * 1000, LONGEST_WAIT_MS);
  return { wait_ms, applied: `wait=${wait_ms / 1000}` };
}

/** Tells the caller what was heeded. */
export const preferenceApplied = (preference: Preference | undefined): Record<string, string> =>
  preference ? { 'preference-applied': preference.applied } : {};
