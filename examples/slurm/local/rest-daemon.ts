// slurmrestd of a cluster, on a port for whoever has a token, or on a socket for its own user.
import { once } from 'node:events';
import { chown, mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Daemon } from './daemon.ts';
import type { Engine, User } from './engine.ts';

type Env = Record<string, string>;
type Rest = { address: string; rest: Daemon };

/** For tokens. */
export function restOnPort(engine: Engine, home: string, user: User, env: Env, port: number): Rest {
  const address = `http://127.0.0.1:${port}`;
  const given = ['-a', 'rest_auth/jwt', ...engine.speaks, `127.0.0.1:${port}`];
  // It asks whoever comes for a token, and has to have some for itself.
  return { address, rest: restDaemon(engine, home, user, { ...env, SLURM_JWT: 'daemon' }, given, () => answers(port)) };
}

/** Takes whoever speaks there for itself, or refuses. */
export async function restOnSocket(engine: Engine, home: string, user: User, env: Env): Promise<Rest> {
  const folder = join(home, 'rest');
  await mkdir(folder, { mode: 0o755 });
  await chown(folder, user.uid, user.gid);
  const path = join(folder, 'sock');
  const given = ['-a', 'rest_auth/local', ...engine.speaks, `unix:${path}`];
  return { address: `unix:${path}`, rest: restDaemon(engine, home, user, env, given, () => answers(path)) };
}

const restDaemon = (
  engine: Engine,
  home: string,
  user: User,
  env: Env,
  given: readonly string[],
  isUp: () => Promise<boolean>,
) => new Daemon({ ...engine.daemon('slurmrestd', given, user), env, log: join(home, 'slurmrestd.out') }, isUp);

/** Whether somebody takes connections there. */
async function answers(place: number | string): Promise<boolean> {
  const socket = typeof place === 'number' ? connect(place, '127.0.0.1') : connect(place);
  const isThere = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isThere;
}
