// What is believed of slurmrestd's replies, in either version. Strict about identity, lenient about the rest.
import { z } from 'zod';
import type { JobTag, ProviderJob } from '../../finetuning/provider.ts';
import { meaningOf } from './job-state.ts';
import { fileOfJobName, tagOfFile } from './names.ts';

const LONGEST_WORD = 200;
const LONGEST_COMMENT = 4000;
const word = z.string().transform((value) => value.slice(0, LONGEST_WORD).replaceAll('\u0000', '').toWellFormed());

/** A number, or from v0.0.40 on one in a box that says whether it is set. */
const boxed = z.union([
  z.int(),
  z.object({ set: z.boolean(), number: z.int() }).transform(({ set, number }) => (set ? number : null)),
]);

const jobId = z.int().min(1);

const exitCode = z.union([
  // As wait(2) gives it.
  z.int().transform((status) => ({ status: (status >> 8) & 0xff, signal: status & 0x7f })),
  z
    .object({
      return_code: boxed.nullish().catch(null),
      signal: z.object({ id: boxed.nullish().catch(null) }).nullish(),
    })
    .transform(({ return_code, signal }) => ({ status: return_code ?? 0, signal: signal?.id ?? 0 })),
]);

const jobShape = z.object({
  job_id: jobId,
  name: z.string().max(LONGEST_WORD).catch(''),
  comment: z.string().max(LONGEST_COMMENT).catch(''),
  job_state: z.union([word.transform((state) => [state]), z.array(word)]).catch([]),
  state_reason: word.nullish().catch(null),
  priority: boxed.nullish().catch(null),
  exit_code: exitCode.nullish().catch(null),
});

/** A job as it is shown, ours or not: whose it is, its name and its comment say. */
export const shownJob = jobShape.transform((job): ProviderJob => {
  const meaning = meaningOf(job.job_state);
  return {
    id: String(job.job_id),
    name: job.name,
    // The name is never used twice. When it was submitted would not do: an administrator's requeue changes that.
    incarnation: null,
    ...meaning,
    provider_status: job.job_state.join('+') || 'unreadable',
    model_id: null,
    trained_tokens: null,
    error: meaning.phase === 'failed' ? reasonOf(job) : null,
    estimated_finish: null,
    training_file_id: fileOfJobName(job.name),
    held: job.job_state.includes('PENDING') && (job.priority === 0 || HELD.test(job.state_reason ?? '')),
    tag: { ...tagOfFile(fileOfJobName(job.name)), ...tagIn(job.comment) },
  };
});

const HELD = /^JobHeld/;

function reasonOf({ job_state, state_reason, exit_code }: z.infer<typeof jobShape>): string {
  const how = exit_code?.signal ? `signal ${exit_code.signal}` : exit_code && `exit code ${exit_code.status}`;
  return [job_state.join('+'), state_reason, how].filter((part) => part && part !== 'None').join(', ');
}

const mark = z.string().max(LONGEST_WORD).optional().catch(undefined);
const comment = z.object({ goldtune_finetuning: mark, goldtune_attempt: mark, goldtune_deployment: mark });

/** What of our tag the comment holds; anybody's may hold anything. */
function tagIn(text: string): Partial<JobTag> {
  const parsed = comment.safeParse(quietly(text));
  return parsed.success
    ? Object.fromEntries(Object.entries(parsed.data).filter(([, value]) => value !== undefined))
    : {};
}

function quietly(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The answer to a create. */
export const submittedReply = z.object({ job_id: jobId }).transform(({ job_id }) => String(job_id));

/** What a change answers that was carried out. */
export const emptyReply = z.looseObject({});

/** From 24.11 a cancel answers 200 always, and says of each job what became of it. */
export const killReply = z.looseObject({
  status: z
    .array(z.object({ error: z.object({ code: z.int(), string: word.catch('') }).nullish() }))
    .nullish()
    .transform((jobs) => jobs?.map(({ error }) => ({ number: error?.code ?? 0, message: error?.string ?? '' })) ?? []),
});

/** All of these are optional there; without VERBOSE only the jobs that it fails for are told. */
export const killByName = (job_name: string | null, user_name: string) => ({
  job_name,
  user_name,
  signal: 'KILL',
  flags: ['VERBOSE'],
});

/** One that tells of no job has met none, or has met one that was killed before: only a look can say which. */
export const killedByNameReply = killReply.refine(({ status }) => status.length > 0, {
  path: ['status'],
  error: 'no job of that name was met',
});

/** Entries are read one by one, so that an odd one hides no other. */
export const jobsReply = z.object({ jobs: z.array(z.unknown()) });
