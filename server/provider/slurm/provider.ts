// The provider port over a Slurm of one's own: jobs through slurmrestd, files through a directory that both can reach.
import { mkdir } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import type { CatalogueModel } from '../../finetuning/catalogue.ts';
import { plainText } from '../../finetuning/log-text.ts';
import {
  bareRef,
  type JobRef,
  type JobRequest,
  type Outcome,
  type Provider,
  type ProviderJob,
} from '../../finetuning/provider.ts';
import { refusedParameters } from '../unknown-parameters.ts';
import { trainingCommand } from './command.ts';
import { type JobSettings, submitBody } from './create.ts';
import { foldersOf } from './folders.ts';
import { slurmGuarantees } from './guarantees.ts';
import { slurmJobs } from './jobs.ts';
import { fileOfJobName, jobNameOf } from './names.ts';
import { patiently } from './patience.ts';
import type { Access } from './request.ts';
import { progressOf } from './trainer-progress.ts';
import { findFile, listFiles, removeFile, writeFile } from './training-files.ts';
import { readTail } from './untrusted-file.ts';

export type SlurmOptions = Access &
  JobSettings & {
    /** As the configuration names it. */
    name: string;
    /** Absolute, and the same on the cluster. The user of the jobs and that of goldtune both write to it. */
    directory: string;
    /** What trains: a shell text with placeholders (command.ts). */
    command: string;
    models: readonly CatalogueModel[];
    /** Of one request of the port, however many it makes. */
    timeoutMs: number;
    ledger: string;
  };

/** @throws Error that says what is wrong with the options */
export function slurmProvider(options: SlurmOptions): Provider {
  const { directory, ledger } = options;
  if (!isAbsolute(directory) || /[%\n\0]/.test(directory))
    throw new Error(`the directory ${JSON.stringify(directory)} must be absolute, without % or a line break`);
  const command = trainingCommand(options.command);
  const folders = foldersOf(directory);
  const jobs = slurmJobs(options, folders);
  const within = () => AbortSignal.timeout(options.timeoutMs);

  async function createJob(request: JobRequest): Promise<Outcome<ProviderJob>> {
    const unknown = refusedParameters({ name: options.name, parameters: command.parameters }, request);
    if (unknown) return unknown;
    const file = request.training_file_id;
    const waiting = await findFile(folders, file);
    if (waiting.kind !== 'done') return waiting;
    let body: ReturnType<typeof submitBody>;
    try {
      body = submitBody(options.apiVersion, command, folders, options, request);
    } catch (error) {
      return { kind: 'refused', refusal: { code: 'invalid', message: worded(error), status: 400 } };
    }
    try {
      await patiently(folders, () => mkdir(folders.job(file).output, { recursive: true, mode: 0o770 }));
    } catch (error) {
      // Nothing was sent.
      return { kind: 'refused', refusal: { code: 'forbidden', message: worded(error), status: 403 } };
    }
    const submitted = await jobs.submit(body, within());
    if (submitted.kind !== 'done') return submitted;
    return {
      kind: 'done',
      value: {
        id: submitted.value,
        name: jobNameOf(file),
        incarnation: null,
        phase: 'active',
        provider_status: 'PENDING',
        shown_status: 'queued',
        model_id: null,
        trained_tokens: null,
        error: null,
        estimated_finish: null,
        training_file_id: file,
        held: true,
        tag: request.tag,
      },
    };
  }

  /** Of what the job wrote; it is found by the job's name. */
  async function inFolder<T>(
    job: JobRef,
    read: (folder: ReturnType<typeof folders.job>) => Promise<T>,
  ): Promise<Outcome<T>> {
    const named = job.name === null ? await jobs.get(job, within()) : null;
    if (named && named.kind !== 'done') return named;
    const file = fileOfJobName(named ? named.value.name : job.name);
    if (file === null)
      return { kind: 'refused', refusal: { code: 'missing', message: `${job.id} is no job of ours`, status: 404 } };
    try {
      return { kind: 'done', value: await patiently(folders, () => read(folders.job(file))) };
    } catch (error) {
      return { kind: 'unknown', reason: worded(error) };
    }
  }

  return {
    name: options.name,
    ledger,
    owns: (recorded) => recorded === ledger,
    sandbox: false,
    guarantees: slurmGuarantees,
    models: options.models,
    open_catalogue: true,
    parameters: command.parameters,

    uploadFile: (file, timeout_ms) => writeFile(folders, file, timeout_ms),
    deleteFile: (fileId) => removeFile(folders, fileId),
    getFile: (fileId) => findFile(folders, fileId),
    listFiles: (finetuning) => listFiles(folders, finetuning),
    createJob,
    releaseJob: (job) => jobs.release(job, within()),
    getJob: (job) => jobs.get(job, within()),
    findJobs: (wanted) => jobs.find(wanted, within()),
    listJobs: (deployment) => jobs.list((job) => job.tag.goldtune_deployment === deployment, within()),
    cancelJob: (job) => jobs.cancel(job, within()),
    getProgress: (job) => inFolder(job, progressOf),
    readLogs: (job, most_bytes) =>
      inFolder(job, async (folder) => {
        const tail = await readTail(folder.root, folder.log, most_bytes);
        return tail ? { text: plainText(tail.text), whole: tail.whole } : { text: '', whole: true };
      }),
    checkReachable: async (timeout_ms) => {
      const looked = await jobs.get(bareRef(LAST_ID), AbortSignal.timeout(timeout_ms));
      const answers = looked.kind === 'done' || (looked.kind === 'refused' && looked.refusal.code === 'missing');
      return answers ? { kind: 'done', value: null } : looked;
    },
  };
}

/**
 * The last that Slurm gives out unless told otherwise. Of one beyond what there can be slurmrestd 24.11 says by itself
 * that there is no such job, whatever the token. A list of all would be an answer of any size.
 */
const LAST_ID = '67043328';

const worded = (error: unknown) => (error instanceof Error ? error.message.slice(0, 500) : 'it did not work');
