// Looks at jobs: what the controller shows, held against what each has written into its own folder.
import {
  isJobOf,
  isSameJob,
  type JobRef,
  type JobSearch,
  type Listing,
  type Outcome,
  type ProviderJob,
} from '../../finetuning/provider.ts';
import type { Folders } from './folders.ts';
import { isMissing, missing } from './missing.ts';
import { fileOfJobName, isFileId } from './names.ts';
import { corrected, fromFolder } from './own-account.ts';
import { jobsReply, shownJob } from './replies.ts';
import type { Request } from './request.ts';

/** An id is a number, whatever a row says. */
const ID = /^[1-9]\d{0,9}$/;

/** What the controller has shown, and when its reply was there, by the clock. */
export type Look = { shown: Outcome<ProviderJob>; at: number };
export type Looks = ReturnType<typeof slurmLooks>;

/** @param clock milliseconds, never set back */
export function slurmLooks({ send }: Request, folders: Folders, clock: () => number) {
  const get = async (job: JobRef, signal: AbortSignal) => orByFolder(job, (await look(job, signal)).shown);

  /** Where the controller shows none under its id, or another's, its own folder may know of it all the same. */
  async function orByFolder(job: JobRef, shown: Outcome<ProviderJob>): Promise<Outcome<ProviderJob>> {
    const isLost = shown.kind === 'done' ? !isSameJob(job, shown.value) : isMissing(shown);
    const file = fileOfJobName(job.name);
    if (!isLost || file === null) return shown;
    return withFolder(async () => {
      const own = await fromFolder(folders, file);
      return own ? { kind: 'done', value: own } : shown;
    });
  }

  /** What the controller shows under the id. */
  async function look({ id }: JobRef, signal: AbortSignal): Promise<Look> {
    if (!ID.test(id)) return { shown: missing(`${JSON.stringify(id)} is no id of a job`), at: clock() };
    const reply = await send(signal, jobsReply, 'GET', `/job/${id}`);
    const at = clock();
    return { shown: reply.kind === 'done' ? await jobIn(reply.value.jobs, id) : reply, at };
  }

  async function jobIn(jobs: readonly unknown[], id: string): Promise<Outcome<ProviderJob>> {
    const found = jobs.flatMap((entry) => shownJob.safeParse(entry).data ?? []).find((job) => job.id === id);
    if (found) return withFolder(async () => ({ kind: 'done', value: await corrected(folders, found) }));
    return jobs.length === 0
      ? missing(`no job is shown under ${id}`)
      : { kind: 'unknown', reason: `what is shown under ${id} cannot be read` };
  }

  async function list(
    isWanted: (job: ProviderJob) => boolean,
    signal: AbortSignal,
  ): Promise<Outcome<Listing<ProviderJob>>> {
    const listed = await send(signal, jobsReply, 'GET', '/jobs/');
    if (listed.kind !== 'done') return listed;
    const parsed = listed.value.jobs.map((entry) => shownJob.safeParse(entry).data ?? null);
    const incomplete = parsed.includes(null) ? 'it holds an entry without an id' : null;
    return withFolder(async () => {
      const wanted = parsed.filter((job) => job !== null).filter(isWanted);
      const found = await Promise.all(wanted.map((job) => corrected(folders, job)));
      return { kind: 'done', value: { found, incomplete } };
    });
  }

  async function find(wanted: JobSearch, signal: AbortSignal): Promise<Outcome<Listing<ProviderJob>>> {
    const listed = await list((job) => isJobOf(wanted, job), signal);
    if (listed.kind !== 'done') return listed;
    const shown = new Set(listed.value.found.map((job) => job.training_file_id));
    return withFolder(async () => {
      const others = wanted.file_ids.filter((file) => isFileId(file) && !shown.has(file));
      const own = await Promise.all(others.map((file) => fromFolder(folders, file)));
      const found = [...listed.value.found, ...own.filter((job) => job !== null)];
      return { kind: 'done', value: { ...listed.value, found } };
    });
  }

  return { get, list, find, look, orByFolder };
}

/** While the shared directory cannot be read, nothing is known of a job. */
async function withFolder<T>(read: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await read();
  } catch (error) {
    return {
      kind: 'unknown',
      reason: error instanceof Error ? error.message.slice(0, 500) : 'its folder cannot be read',
    };
  }
}
