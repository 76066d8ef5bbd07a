// The fine-tuning jobs API.
import { randomInt } from 'node:crypto';
import { z } from 'zod';
import type { LedgerFile, LedgerJob } from './entries.ts';
import { missing, refuse, SandboxError } from './errors.ts';
import { checkpoints, eventsPage } from './events.ts';

import { pageOf, pageQuery, readPage } from './paging.ts';
import type { ServedLedger } from './served-ledger.ts';
import { momentOf, type Pace, planTimeline } from './timeline.ts';
import { viewJob } from './wire.ts';

const FEWEST_EXAMPLES = 10;

const within = (lowest: number, highest: number) =>
  z.union([z.literal('auto'), z.number().int().min(lowest).max(highest)]).default('auto');
const hyperparameters = z.object({
  n_epochs: within(1, 50),
  batch_size: within(1, 256),
  learning_rate_multiplier: z.union([z.literal('auto'), z.number().positive()]).default('auto'),
});

const createBody = z.object({
  model: z.string().min(1),
  training_file: z.string().min(1),
  validation_file: z.string().nullish(),
  suffix: z.string().max(64).nullish(),
  seed: z.number().int().nullish(),
  metadata: z
    .record(z.string().max(64), z.string().max(512))
    .refine((pairs) => Object.keys(pairs).length <= 16, 'at most 16 pairs')
    .nullish(),
  hyperparameters: hyperparameters.optional(),
  method: z
    .object({
      type: z.literal('supervised', 'the sandbox emulates supervised fine-tuning only'),
      supervised: z.object({ hyperparameters: hyperparameters.optional() }).optional(),
    })
    .optional(),
});

export async function createJob(
  ledger: ServedLedger,
  request: Request,
  options: { models: readonly string[] | null; timeScale: number; pace: Pace },
): Promise<Response> {
  const parsed = createBody.safeParse(await request.json().catch(() => null));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const param = issue?.path.join('.') ?? '';
    throw refuse(`Invalid value for '${param}': ${issue?.message ?? 'expected a JSON body'}.`, param, 'invalid_value');
  }
  const body = parsed.data;
  if (options.models && !options.models.includes(body.model)) {
    throw refuse(
      `Model ${body.model} is not available for fine-tuning or does not exist.`,
      'model',
      'model_not_available',
    );
  }
  const { validation_file = null } = body;
  const job = await ledger.addJob([body.training_file, ...(validation_file ? [validation_file] : [])], (fileOf) => {
    const file = fileOf(body.training_file);
    if (!file) throw noSuchFile('training_file', body.training_file);
    if (validation_file !== null && !fileOf(validation_file)) throw noSuchFile('validation_file', validation_file);
    const chosen = body.method?.supervised?.hyperparameters ?? body.hyperparameters ?? hyperparameters.parse({});
    const resolved = {
      n_epochs: chosen.n_epochs === 'auto' ? 3 : chosen.n_epochs,
      batch_size: chosen.batch_size === 'auto' ? 1 : chosen.batch_size,
      learning_rate_multiplier: chosen.learning_rate_multiplier === 'auto' ? 2 : chosen.learning_rate_multiplier,
    };
    const steps = Math.max(1, Math.ceil((file.examples * resolved.n_epochs) / resolved.batch_size));
    return {
      id: ledger.newId('ftjob'),
      model: body.model,
      training_file: body.training_file,
      validation_file,
      suffix: body.suffix ?? null,
      seed: body.seed ?? randomInt(2 ** 31),
      metadata: body.metadata ?? null,
      hyperparameters: chosen,
      // About four characters a token; the sandbox does not count.
      trained_tokens: Math.ceil(file.bytes / 4) * resolved.n_epochs,
      course: {
        timeline: planTimeline(ledger.now(), steps, options),
        invalid: problemOf(file),
        ending: null,
      },
    };
  });
  return Response.json(viewJob(job, ledger.now()));
}

const noSuchFile = (param: 'training_file' | 'validation_file', id: string) =>
  refuse(`invalid ${param}: ${id}`, param, 'invalid_file_id');

const problemOf = (file: LedgerFile) =>
  file.examples >= FEWEST_EXAMPLES
    ? null
    : `Training file has ${file.examples} example(s), but must have at least ${FEWEST_EXAMPLES} examples`;

export async function listJobs(ledger: ServedLedger, url: URL): Promise<Response> {
  const wanted = [...url.searchParams].flatMap(([key, value]) => {
    const name = /^metadata\[(.+)\]$/.exec(key)?.[1];
    return name === undefined ? [] : [{ name, value }];
  });
  const withoutMetadata = url.searchParams.get('metadata') === 'null';
  const now = ledger.now();
  const page = await readPage(
    (span) => ledger.listJobs(span),
    ({ metadata }) =>
      (!withoutMetadata || metadata === null) && wanted.every(({ name, value }) => metadata?.[name] === value),
    pageQuery(url, 20, 100),
  );
  return Response.json({ ...page, data: page.data.map((job) => viewJob(job, now)) });
}

export async function retrieveJob(ledger: ServedLedger, id: string): Promise<Response> {
  return Response.json(viewJob(await find(ledger, id), ledger.now()));
}

export async function cancelJob(ledger: ServedLedger, id: string): Promise<Response> {
  const found = await ledger.change(id, (job, at) => ({
    ...job,
    course: { ...job.course, ending: { status: 'cancelled', at, error: null } },
  }));
  if (!found) throw noSuchJob(id);
  if (!found.changed) {
    const { status } = momentOf(found.job.course, ledger.now());
    throw refuse(`Job has already completed with status: ${status}`, 'fine_tuning_job_id', 'invalid_state');
  }
  return Response.json(viewJob(found.job, ledger.now()));
}

export async function listEvents(ledger: ServedLedger, id: string, url: URL): Promise<Response> {
  const job = await find(ledger, id);
  const query = pageQuery(url, 20, 100);
  const page = eventsPage(job, ledger.now(), query);
  if (!page) throw missing(`No such event: ${query.after ?? ''}`, 'after');
  return Response.json({ object: 'list', ...page });
}

export async function listCheckpoints(ledger: ServedLedger, id: string, url: URL): Promise<Response> {
  return Response.json(pageOf(checkpoints(await find(ledger, id), ledger.now()), pageQuery(url, 10, 100)));
}

export async function refusePause(ledger: ServedLedger, id: string): Promise<Response> {
  await find(ledger, id);
  throw new SandboxError({
    status: 400,
    message: 'The sandbox neither pauses nor resumes jobs; cancel the job instead.',
    code: 'unsupported',
  });
}

async function find(ledger: ServedLedger, id: string): Promise<LedgerJob> {
  const job = await ledger.job(id);
  if (!job) throw noSuchJob(id);
  return job;
}

const noSuchJob = (id: string) => missing(`Could not find fine tune: ${id}`, 'fine_tuning_job_id');
