// The body of a submit, in either version: held, never restarted, and marked as ours.
import type { JobRequest } from '../../finetuning/provider.ts';
import type { Command } from './command.ts';
import type { Folders } from './folders.ts';
import { jobNameOf } from './names.ts';
import type { ApiVersion } from './rest.ts';
import { jobScript, scriptEnvironment } from './script.ts';

export type JobSettings = {
  /** Undefined: the cluster's default. */
  partition?: string | undefined;
  /** Undefined: the partition's default. */
  timeLimitMinutes?: number | undefined;
  /** What else of the job's environment is set, as HF_HOME. */
  environment?: Readonly<Record<string, string>>;
  /** Further fields of the submit, in the words of the version that is spoken, as `tres_per_node: gres/gpu:1`. */
  submit?: Readonly<Record<string, unknown>>;
};

/** @throws Error that says what the run has to give */
export function submitBody(
  version: ApiVersion,
  command: Command,
  folders: Folders,
  settings: JobSettings,
  request: JobRequest,
) {
  const file = request.training_file_id;
  const folder = folders.job(file);
  const environment = {
    PATH,
    ...settings.environment,
    ...command.environment(request, { training_file: folder.taken, output_directory: folder.output }),
    ...scriptEnvironment(folders, file),
  };
  const { partition, timeLimitMinutes } = settings;
  return {
    script: jobScript(command.text),
    job: {
      tasks: 1,
      ...settings.submit,
      name: jobNameOf(file),
      comment: JSON.stringify(request.tag),
      current_working_directory: folder.root,
      standard_output: folder.log,
      ...(partition === undefined ? {} : { partition }),
      ...(timeLimitMinutes === undefined ? {} : { time_limit: limit(version, timeLimitMinutes) }),
      environment: version === 'v0.0.38' ? environment : pairs(environment),
      hold: true,
      // A job that is restarted would train a second time; the taken file would keep it from that too.
      requeue: false,
    },
  };
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const limit = (version: ApiVersion, minutes: number) =>
  version === 'v0.0.38' ? minutes : { set: true, infinite: false, number: minutes };

const pairs = (environment: Record<string, string>) =>
  Object.entries(environment).map(([name, value]) => `${name}=${value}`);
