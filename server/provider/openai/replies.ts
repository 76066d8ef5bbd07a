// What is believed of a provider's replies. Strict about identity, lenient exactly where replies have been seen to be odd.
import { z } from 'zod';
import type { JobProgress, ProviderJob } from '../../finetuning/provider.ts';

export const fileReply = z.object({ id: z.string().min(1), filename: z.string().catch('') });
export const deletedFileReply = z.object({ id: z.string().min(1), deleted: z.literal(true) });

/** A list is read item by item, so it says only that there are items and whether more follow. */
export const pageReply = z.object({ data: z.array(z.unknown()), has_more: z.boolean().catch(false) });

/** Errors have been seen as `{}` and as all nulls; the rest of a job has been seen as null at any time. */
const jobShape = z.object({
  id: z.string().min(1),
  status: z.string().catch('unreadable'),
  fine_tuned_model: z.string().nullish().catch(null),
  trained_tokens: z.number().nullish().catch(null),
  estimated_finish: z.number().nullish().catch(null),
  training_file: z.string().nullish().catch(null),
  error: z.object({ message: z.string().nullish(), code: z.string().nullish() }).nullish().catch(null),
  metadata: z.record(z.string(), z.string()).nullish().catch(null),
});

export const jobReply = jobShape.transform((job): ProviderJob => {
  const error = [job.error?.code, job.error?.message].filter(Boolean).join(': ');
  return {
    id: job.id,
    ...reading(job.status),
    provider_status: job.status,
    model_id: job.fine_tuned_model ?? null,
    trained_tokens: job.trained_tokens ?? null,
    error: error === '' ? null : error,
    // Seen as 0 where there is no estimate.
    estimated_finish: job.estimated_finish ? new Date(job.estimated_finish * 1000).toISOString() : null,
    training_file_id: job.training_file ?? null,
    tag: job.metadata ?? {},
  };
});

/** A status we do not know is "still going", and shown as it was (never as queued). */
function reading(status: string): Pick<ProviderJob, 'phase' | 'shown_status'> {
  switch (status) {
    case 'succeeded':
    case 'failed':
      return { phase: status, shown_status: null };
    case 'cancelled':
    case 'canceled':
      return { phase: 'cancelled', shown_status: null };
    case 'validating_files':
    case 'queued':
    case 'running':
      return { phase: 'active', shown_status: status };
    default:
      return { phase: 'active', shown_status: null };
  }
}

const metricsEvent = z.object({
  type: z.literal('metrics'),
  data: z.object({
    step: z.number().nullish(),
    // Azure leaves it out.
    total_steps: z.number().nullish(),
    train_loss: z.number().nullish(),
    valid_loss: z.number().nullish(),
  }),
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
