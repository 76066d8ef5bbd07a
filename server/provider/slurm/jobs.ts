// Jobs through slurmrestd: looked at, made, let begin, stopped.
import { cancelling } from './cancel.ts';
import type { Folders } from './folders.ts';
import { slurmLooks } from './looks.ts';
import { guardOf } from './meant.ts';
import { releasing } from './release.ts';
import { type Access, requests } from './request.ts';

/** @param clock milliseconds, never set back */
export function slurmJobs(daemon: Access, folders: Folders, clock = () => performance.now()) {
  const request = requests(daemon);
  const looks = slurmLooks(request, folders, clock);
  const guard = guardOf(looks, clock);
  const { get, list, find } = looks;
  return {
    submit: request.submit,
    get,
    list,
    find,
    release: releasing(request, guard),
    cancel: cancelling(request, folders, guard),
  };
}
