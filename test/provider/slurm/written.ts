// A directory as Slurm jobs leave it: what a job has written of itself, and how long it has been silent.
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { foldersOf } from '../../../server/provider/slurm/folders.ts';
import { jobNameOf } from '../../../server/provider/slurm/names.ts';
import { SCRATCH } from '../../scratch.ts';

export const FILE = '0123456789abcdef01234567.1.0123456789abcdef';
export const NAME = jobNameOf(FILE);

export type Written = {
  started?: true;
  refused?: true;
  stopped?: true;
  asked?: true;
  /** The exit code. */
  result?: number;
  /** Seconds since it last said that it is alive. */
  silent_s?: number;
};

export async function written({ silent_s, result, ...notes }: Written) {
  const root = await mkdtemp(join(SCRATCH, 'goldtune-written-'));
  const folders = foldersOf(root);
  const job = folders.job(FILE);
  await mkdir(folders.inbox);
  await mkdir(job.root, { recursive: true });
  const note = (path: string, exit_code: number | null) =>
    writeFile(path, JSON.stringify({ job_id: '7', exit_code, at: '2026-01-01T00:00:00Z' }));
  if (notes.started) await note(job.started, null);
  if (notes.refused) await note(job.refused, null);
  if (notes.stopped) await note(job.stopped, 143);
  if (notes.asked) await note(job.asked, null);
  if (result !== undefined) await note(job.result, result);
  if (silent_s !== undefined) {
    const heard = Date.now() / 1000 - silent_s;
    await writeFile(job.alive, '');
    await utimes(job.alive, heard, heard);
  }
  return { folders, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}
