// What is believed of a provider's replies. Strict about identity, lenient exactly where replies have been seen to be odd.
import { z } from 'zod';
import type { JobProgress, JobTag, ProviderJob } from '../../finetuning/provider.ts';
import type { Meaning, Profile } from './profile.ts';
import { tagInSuffix } from './suffix.ts';

/** The longest that is kept of what a provider says for people; of a word, as a status is one; of a name. */
const LONGEST_TEXT = 4000;
const LONGEST_WORD = 200;
const LONGEST_NAME = 1000;

/** Text as a database can hold it, whatever a provider writes into it. */
const upTo = (longest: number) =>
  z.string().transform((text) => text.slice(0, longest).replaceAll('\u0000', '').toWellFormed());
export const text = upTo(LONGEST_TEXT);
export const word = upTo(LONGEST_WORD);

/**
 * What a thing is called is used as it came, or not at all: it goes into the path of a request, where `..` would name
 * another thing, and onto terminals. Gateways have ids of some hundred characters, with slashes in them.
 */
const id = z
  .string()
  .min(1)
  .max(LONGEST_NAME)
  .refine((value) => value.isWellFormed() && !/^\.{1,2}$|\p{Cc}/u.test(value), 'an id that cannot be used');

/** What a file is while it cannot be used yet. Any other status, and none, is left to the create to judge. */
const IMPORTING = new Set(['pending', 'queued', 'running', 'importing', 'processing']);

export const fileReply = z
  .object({ id, filename: text.catch(''), status: text.nullish().catch(null) })
  .transform(({ id, filename, status }) => ({
    id,
    name: filename,
    ready: !IMPORTING.has(status?.toLowerCase() ?? ''),
  }));
export const deletedFileReply = z.object({ id, deleted: z.literal(true) });

/** A list is read item by item, so it says only that there are items and whether more follow. */
export const pageReply = z.object({
  data: z.array(z.unknown()),
  // Said in a way that is not understood, it says at least that it is not the end.
  has_more: z.boolean().nullish().catch(true),
});

/** Seconds since 1970; seen as 0 where there is no estimate. */
const estimate = z
  .number()
  .transform((seconds) => new Date(seconds * 1000))
  .refine((time) => time.getTime() > 0 && time.getUTCFullYear() < 10_000)
  .transform((time) => time.toISOString());

/** Numbers have been seen where texts were sent. One that is cut is none of ours all the same: they are shorter. */
const mark = z
  .union([z.string(), z.number()])
  .transform((value) => String(value).slice(0, LONGEST_WORD))
  .optional()
  .catch(undefined);

/** Of steps or tokens. No training has as many as this, which every column and every number of JSON can hold. */
const LARGEST_COUNT = 1e15;
/** Figures are shown and reckoned with, so what cannot be one is none. */
const count = z.int().min(0).max(LARGEST_COUNT).nullish().catch(null);
const LARGEST_LOSS = 1e12;
const loss = z.number().min(-LARGEST_LOSS).max(LARGEST_LOSS).nullish().catch(null);

/** Errors have been seen as `{}` and as all nulls; the rest of a job has been seen as null at any time. */
const jobShape = z.object({
  id,
  status: word.catch('unreadable'),
  fine_tuned_model: id.nullish().catch(null),
  trained_tokens: count,
  estimated_finish: estimate.nullish().catch(null),
  training_file: id.nullish().catch(null),
  error: z
    .object({ message: text.nullish().catch(null), code: word.nullish().catch(null) })
    .nullish()
    .catch(null),
  suffix: word.nullish().catch(null),
  user_provided_suffix: word.nullish().catch(null),
  // Each on its own: one odd value of somebody else's must not hide our tag.
  metadata: z
    .object({ goldtune_finetuning: mark, goldtune_attempt: mark, goldtune_deployment: mark })
    .nullish()
    .catch(null),
});

/**
 * Jobs as a host shows them.
 * @param deployment whose jobs are looked for; where the tag travels in the suffix, no other is told by its name
 */
export const jobReplyOf = ({ statuses, tag }: Pick<Profile, 'statuses' | 'tag'>, deployment: string | null = null) =>
  jobShape.transform((job): ProviderJob => {
    const error = [job.error?.code, job.error?.message].filter(Boolean).join(': ');
    const suffix = job.suffix ?? job.user_provided_suffix ?? null;
    return {
      id: job.id,
      name: null,
      incarnation: null,
      held: false,
      ...reading((Object.hasOwn(statuses, job.status) && statuses[job.status]) || 'active'),
      provider_status: job.status,
      model_id: job.fine_tuned_model ?? null,
      trained_tokens: job.trained_tokens ?? null,
      error: error === '' ? null : error,
      estimated_finish: job.estimated_finish ?? null,
      training_file_id: job.training_file ?? null,
      tag: tag === 'metadata' ? tagIn(job.metadata ?? {}) : tagInSuffix(suffix, deployment),
    };
  });

const tagIn = (marks: Record<keyof JobTag, string | undefined> | object): Partial<JobTag> =>
  Object.fromEntries(Object.entries(marks).filter(([, mark]) => mark !== undefined));

/** A status we do not know is "still going", and shown as it was (never as queued). */
function reading(meaning: Meaning): Pick<ProviderJob, 'phase' | 'shown_status'> {
  switch (meaning) {
    case 'succeeded':
    case 'failed':
    case 'cancelled':
      return { phase: meaning, shown_status: null };
    case 'validating_files':
    case 'queued':
    case 'running':
      return { phase: 'active', shown_status: meaning };
    case 'active':
      return { phase: 'active', shown_status: null };
    default:
      return meaning satisfies never;
  }
}

/** How far a job says itself that it is. One that has not begun has no figures, or none but noughts. */
export const stepsReply = z
  .object({ id, trained_steps: count, total_steps: count })
  .transform(({ trained_steps, total_steps }): JobProgress | null =>
    trained_steps
      ? { step: trained_steps, total_steps: total_steps ?? null, train_loss: null, valid_loss: null }
      : null,
  );

const metricsEvent = z.object({
  type: z.literal('metrics'),
  // Azure leaves total_steps out.
  data: z.object({ step: count, total_steps: count, train_loss: loss, valid_loss: loss }),
});

/** The latest figures of a page of events, which comes newest first. A loss that is reported rarely may be older. */
export function latestProgress(events: readonly unknown[]): JobProgress | null {
  const metrics = events.flatMap((event) => metricsEvent.safeParse(event).data?.data ?? []);
  if (metrics.length === 0) return null;
  const newest = metrics.toSorted((a, b) => (b.step ?? 0) - (a.step ?? 0));
  const latest = <K extends keyof JobProgress>(key: K) => newest.find((data) => data[key] != null)?.[key] ?? null;
  return {
    step: latest('step'),
    total_steps: latest('total_steps'),
    train_loss: latest('train_loss'),
    valid_loss: latest('valid_loss'),
  };
}
