// Our tag in the suffix of a job, for hosts that keep no metadata. It becomes a part of the model's name there.
import { createHash } from 'node:crypto';
import type { JobTag } from '../../finetuning/provider.ts';

/**
 * What of ours comes first, so that a suffix that is cut at its end loses the alias before it loses whose it is; and a
 * number that is cut would be another number, so nothing that counts stands at the end.
 */
const MARK = /(?:^|[^a-z0-9])gt-([0-9a-f]{8})-(\d{1,6})-([0-9a-f]{24})(?![0-9a-f])/i;

/** Of a suffix that still tells whose it is: `gt-`, the deployment, an attempt of up to six digits, the run. */
export const SHORTEST_MARK = 'gt-'.length + 8 + 1 + 6 + 1 + 24;

/** A deployment may be called anything, and a suffix has no room for it. */
const markOf = (deployment: string) => createHash('sha256').update(deployment).digest('hex').slice(0, 8);

/** Lower case, digits and hyphens; the alias at the end, as far as there is room. */
export function suffixFor(tag: JobTag, alias: string | null, longest: number): string {
  const mark = `gt-${markOf(tag.goldtune_deployment)}-${tag.goldtune_attempt}-${tag.goldtune_finetuning}`;
  return alias === null ? mark : [mark, alias].join('-').slice(0, longest).replace(/-+$/, '');
}

/** @param deployment told as the job's where the suffix says so; of another it says only that it is another */
export function tagInSuffix(suffix: string | null, deployment: string | null): Partial<JobTag> {
  const [, mark, attempt, finetuning] = MARK.exec(suffix ?? '') ?? [];
  if (mark === undefined || attempt === undefined || finetuning === undefined) return {};
  const isOurs = deployment !== null && mark.toLowerCase() === markOf(deployment);
  return {
    goldtune_finetuning: finetuning.toLowerCase(),
    goldtune_attempt: String(Number(attempt)),
    ...(isOurs ? { goldtune_deployment: deployment } : {}),
  };
}
