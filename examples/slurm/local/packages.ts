// Whether a Slurm can be started on this machine, and what is missing where it cannot.
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** What Debian and Ubuntu call them. */
export const SLURM_PACKAGES = [
  'munge',
  'slurmctld',
  'slurmd',
  'slurmrestd',
  'slurm-client',
  'slurm-wlm-basic-plugins',
  'slurm-wlm-jwt-plugin',
] as const;

const programs = ['munged', 'mungekey', 'slurmctld', 'slurmd', 'slurmrestd', 'scontrol', 'scancel'] as const;
export type Program = (typeof programs)[number];

/** Where daemons are installed, whatever PATH says. */
const PLACES = ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin'];

const isProgram = (path: string) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** @throws Error that says which packages to install */
export function programOf(name: Program): string {
  const found = PLACES.map((place) => join(place, name)).find(isProgram);
  if (found === undefined) throw new Error(`${name} is not installed; ${INSTALL}`);
  return found;
}

const INSTALL = `apt-get install --no-install-recommends ${SLURM_PACKAGES.join(' ')}`;

/** Why no Slurm can be started here, with what to do about it, in one line; null where one can. */
export function noSlurmHere(): string | null {
  if (process.platform !== 'linux') return `Slurm runs on Linux, and this is ${process.platform}`;
  const absent = programs.filter((name) => !PLACES.some((place) => isProgram(join(place, name))));
  if (absent.length > 0) return `Slurm is not installed here (no ${absent.join(', no ')}): ${INSTALL}`;
  if (process.getuid?.() !== 0) return 'its daemons are started under users of their own, for which root is needed';
  return null;
}
