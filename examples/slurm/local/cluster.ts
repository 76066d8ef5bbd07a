// A Slurm of its own: one machine, four daemons, on loopback. Forgets everything, and never outlives who started it.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Ports, slurmConf, type Timing } from './configuration.ts';
import { Daemon } from './daemon.ts';
import { type Engine, engineHere, type User } from './engine.ts';
import { freePort } from './free-port.ts';
import { restOnPort, restOnSocket } from './rest-daemon.ts';

const run = promisify(execFile);

export type Cluster = AsyncDisposable & {
  /** Holds all that it writes. */
  home: string;
  /** For files that it and its users share. */
  shared: string;
  address: string;
  apiVersion: Engine['apiVersion'];
  user: string;
  /** Of that user; a socket does without. */
  token: string;
  partition: string;
  controller: Daemon;
  node: Daemon;
  rest: Daemon;
  /** Kills the controller and starts it again: what it had not yet written is forgotten. */
  crash(): Promise<void>;
  /** Restarts the controller as an administrator does: all that it knows is written then. */
  settle(): Promise<void>;
  /** Another token of that user, for so many seconds. */
  newToken(seconds: number): Promise<string>;
  /** Does the work, kills the controller, and starts it again as it was before: all of it is forgotten, ids too. */
  forget<T>(work: () => Promise<T>): Promise<T>;
  /** Keeps what the controller has saved by now. @returns what kills it and brings that back, ids too */
  remember(): Promise<() => Promise<void>>;
  /** What `scontrol` prints. */
  scontrol(...command: string[]): Promise<string>;
  /** Cancels a job as its owner does at a terminal. */
  scancel(id: string): Promise<void>;
};

const PARTITION = 'gpu';
const TOKEN_SECONDS = 86_400;

/**
 * Ends what is left of the cluster when its standard input closes, which it does with the process that started it, also
 * on kill -9. $1: the home of the cluster, which is in the environment or the command line of all that belongs to it.
 */
const ENDING = `
home=$1
read -r _
left=yes
while [ -n "$left" ]; do
  left=
  for found in $(grep -lsaF "$home" /proc/[0-9]*/environ /proc/[0-9]*/cmdline); do
    pid=\${found#/proc/}; pid=\${pid%%/*}
    [ "$pid" != $$ ] && kill -KILL "$pid" 2>/dev/null && left=yes
  done
  [ -z "$left" ] || sleep 0.1
done
rm -rf "$home"
`;

type Options = Partial<Timing> & {
  parent?: string;
  /**
   * slurmrestd listens on a socket and takes whoever speaks there for itself, so its user is the user of the jobs; left
   * out, on a port, for tokens of root.
   */
  socket?: boolean;
};

/** @throws Error where it does not come up; `noSlurmHere` says before whether it can */
export async function startCluster(options: Options = {}): Promise<Cluster> {
  const home = await mkdtemp(join(options.parent ?? tmpdir(), 'goldtune-slurm-'));
  const ending = spawn('sh', ['-c', ENDING, 'goldtune-slurm', home], {
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const gone = once(ending, 'exit');
  await using resources = new AsyncDisposableStack();
  resources.defer(async () => {
    ending.stdin.end();
    await gone;
    await rm(home, { recursive: true, force: true });
  });
  await chmod(home, 0o755);
  const nobody = idsOf('nobody');
  const ports: Ports = { controller: await freePort(), node: await freePort(), rest: await freePort() };
  const conf = join(home, 'slurm.conf');
  for (const name of ['munge', 'state', 'spool', 'shared']) await mkdir(join(home, name), { mode: 0o755 });
  await writeFile(join(home, 'state', 'jwt.key'), randomBytes(32), { mode: 0o600 });
  await writeFile(conf, slurmConf(home, ports, { kill_wait: 2, min_job_age: 3600, ...options }));
  await chown(join(home, 'munge'), nobody.uid, nobody.gid);

  const engine = engineHere();
  // The older one does not know it, and does without where there are none.
  if (engine.apiVersion !== 'v0.0.38') await writeFile(join(home, 'cgroup.conf'), 'CgroupPlugin=disabled\n');
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', SLURM_CONF: conf };
  const scontrol = async (...command: string[]) => (await run(...engine.command('scontrol', command), { env })).stdout;
  const munge = await startMunge(engine, home, nobody);
  const controller = new Daemon(
    { ...engine.daemon('slurmctld', ['-D'], null), env, log: join(home, 'slurmctld.out') },
    async () => (await scontrol('ping').catch(() => '')).includes('is UP'),
  );
  const node = new Daemon({ ...engine.daemon('slurmd', ['-D'], null), env, log: join(home, 'slurmd.out') }, async () =>
    /State=IDLE|State=MIXED|State=ALLOCATED/.test(await scontrol('show', 'node').catch(() => '')),
  );
  const { address, rest } = options.socket
    ? await restOnSocket(engine, home, nobody, env)
    : restOnPort(engine, home, nobody, env, ports.rest);
  for (const daemon of [munge, controller, node, rest]) await daemon.start();
  const user = options.socket ? 'nobody' : 'root';
  const newToken = async (seconds: number) => {
    const printed = await scontrol('token', `username=${user}`, `lifespan=${seconds}`);
    const token = /SLURM_JWT=(\S+)/.exec(printed)?.[1];
    if (token === undefined) throw new Error('scontrol gave no token');
    return token;
  };
  const token = await newToken(TOKEN_SECONDS);
  const held = resources.move();
  const state = join(home, 'state');
  const settle = async () => {
    await controller.stop();
    await controller.start();
  };
  const remember = async () => {
    const before = await mkdtemp(join(home, 'state-'));
    // It would write into what is copied.
    controller.freeze();
    await cp(state, before, { recursive: true });
    controller.thaw();
    return async () => {
      await controller.kill();
      await rm(state, { recursive: true });
      await cp(before, state, { recursive: true });
      await controller.start();
    };
  };
  return {
    home,
    shared: join(home, 'shared'),
    address,
    apiVersion: engine.apiVersion,
    user,
    token,
    partition: PARTITION,
    controller,
    node,
    rest,
    async crash() {
      await controller.kill();
      await controller.start();
    },
    settle,
    newToken,
    async forget(work) {
      await settle();
      const comeBack = await remember();
      const done = await work();
      await comeBack();
      return done;
    },
    remember,
    scontrol,
    async scancel(id) {
      await run(...engine.command('scancel', [id]), { env });
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** By it the daemons and the commands know each other. */
async function startMunge(engine: Engine, home: string, user: User): Promise<Daemon> {
  const at = (name: string) => join(home, 'munge', name);
  await writeFile(at('key'), randomBytes(128), { mode: 0o600 });
  await chown(at('key'), user.uid, user.gid);
  const files = ['key', 'log', 'pid', 'seed'].map(
    (name) => `--${name}-file=${at(name === 'log' ? 'munged.log' : name)}`,
  );
  return new Daemon(
    {
      ...engine.daemon('munged', ['--foreground', `--socket=${at('sock')}`, ...files], user),
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      log: join(home, 'munged.out'),
    },
    () =>
      readFile(at('pid')).then(
        () => true,
        () => false,
      ),
  );
}

function idsOf(name: string): User {
  const id = (flag: string) => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }).trim());
  return { uid: id('-u'), gid: id('-g') };
}
