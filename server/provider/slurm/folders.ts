// Where things are in the directory that is shared with the cluster: training files on their way, and a folder for each job.
import { join } from 'node:path';

export type Folders = {
  root: string;
  /** Training files that no job has taken yet. */
  inbox: string;
  jobs: string;
  /** A training file before a job takes it. */
  waiting(fileId: string): string;
  job(fileId: string): JobFolder;
};

export type JobFolder = {
  root: string;
  /** The training file, once the job has taken it. */
  taken: string;
  output: string;
  /** What it prints. */
  log: string;
  /** Written when it has taken the file and is about to train. */
  started: string;
  /** Written when it did not get the file. */
  refused: string;
  /** Written when its command has ended by itself. */
  result: string;
  /** Written when it ended because it was told to. */
  stopped: string;
  /** Written by goldtune before it asks for a stop: killed at once, the job itself can note nothing. */
  asked: string;
  /** Touched every second while anything of it may run. */
  alive: string;
};

/** @param directory absolute */
export function foldersOf(directory: string): Folders {
  const inbox = join(directory, 'inbox');
  const jobs = join(directory, 'jobs');
  return {
    root: directory,
    inbox,
    jobs,
    waiting: (fileId) => join(inbox, `${fileId}.jsonl`),
    job: (fileId) => {
      const root = join(jobs, fileId);
      const at = (name: string) => join(root, name);
      return {
        root,
        taken: at('training.jsonl'),
        output: at('output'),
        log: at('log.txt'),
        started: at('started.json'),
        refused: at('refused.json'),
        result: at('result.json'),
        stopped: at('stopped.json'),
        asked: at('asked.json'),
        alive: at('alive'),
      };
    },
  };
}
