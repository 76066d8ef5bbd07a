// Which Slurm is started: the one that is installed, or that of another system in a folder (SLURM_ROOT), by chroot.
import type { ApiVersion } from '../../../server/provider/slurm/rest.ts';
import type { Command } from './daemon.ts';
import { type Program, programOf } from './packages.ts';

export type User = { uid: number; gid: number };

export type Engine = {
  apiVersion: ApiVersion;
  /** What tells slurmrestd to speak that version. */
  speaks: readonly string[];
  command(program: Program, given: readonly string[]): [program: string, given: string[]];
  /** @param user null: as whoever starts it */
  daemon(
    program: Program,
    given: readonly string[],
    user: User | null,
  ): Pick<Command, 'program' | 'arguments' | 'user'>;
};

/**
 * In the folder, /dev, /proc, this tree and where the cluster keeps its files have to be mounted; mmdebstrap makes one
 * with Debian 13 in it, whose Slurm is 24.11.
 */
export function engineHere(root = process.env['SLURM_ROOT']): Engine {
  if (!root)
    return {
      apiVersion: 'v0.0.38',
      speaks: ['-s', 'openapi/v0.0.38'],
      command: (program, given) => [programOf(program), [...given]],
      daemon: (program, given, user) => ({ program: programOf(program), arguments: given, user }),
    };
  return {
    apiVersion: 'v0.0.42',
    speaks: ['-s', 'openapi/slurmctld', '-d', 'v0.0.42'],
    command: (program, given) => ['/usr/sbin/chroot', [root, program, ...given]],
    daemon: (program, given, user) => ({
      program: '/usr/sbin/chroot',
      arguments: [...(user ? [`--userspec=${user.uid}:${user.gid}`] : []), root, program, ...given],
      user: null,
    }),
  };
}
