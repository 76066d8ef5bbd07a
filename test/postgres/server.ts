// A real Postgres of the tests' own: starts in a moment, forgets everything, and never outlives the process that started it.
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { freePort } from '../../examples/slurm/local/free-port.ts';
import { SCRATCH } from '../scratch.ts';
import { until } from '../until.ts';
import { postgresBinaries } from './binaries.ts';

const run = promisify(execFile);

export type PostgresServer = AsyncDisposable & {
  port: number;
  /** Holds its data and its log. */
  home: string;
  url(database?: string): string;
  /** Stops it the given way and starts it again on the same port and data. */
  restart(mode: 'fast' | 'immediate'): Promise<void>;
  /** Stops all its processes where they are: the machine still takes connections for it, and nobody answers. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
};

const SETTINGS = ['max_connections=300', 'shared_buffers=64MB'];
/** What is committed survives a crash of the server, not of the machine: a test's data is not worth a disk flush. */
const IN_MEMORY = ['fsync=off', 'full_page_writes=off'];

/**
 * Keeps Postgres alive only while its standard input, a pipe from the test process, is open: that closes with the
 * process, also on kill -9. $0 the binary, $1 its home, the rest its options.
 */
const SUPERVISOR = `
home=$1; shift
"$0" -D "$home/data" "$@" >>"$home/log" 2>&1 </dev/null &
pid=$!
read -r mode
case "$mode" in fast) kill -INT $pid ;; *) kill -QUIT $pid ;; esac
wait $pid
case "$mode" in '') rm -rf "$home" ;; esac
`;

/** A certificate for `localhost`, signed by itself. Its key is published here and protects nothing. */
export const certificate = fileURLToPath(new URL('./tls/server.crt', import.meta.url));

/**
 * @param tls it speaks TLS besides, and shows that certificate
 * @param durable on a disk, each commit flushed to it, as a server that is relied upon; for what is measured
 */
export async function startPostgres({ tls = false, durable = false } = {}): Promise<PostgresServer> {
  const binaries = await postgresBinaries();
  const home = await mkdtemp(join(durable ? tmpdir() : SCRATCH, 'goldtune-pg-'));
  const data = join(home, 'data');
  const user = unprivileged();
  if (user) await chown(home, user.uid, user.gid);
  await chmod(home, 0o700);
  await run(
    join(binaries, 'bin/initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C'],
    {
      cwd: '/',
      ...user,
    },
  );
  for (const name of tls ? ['server.crt', 'server.key'] : []) {
    const file = join(data, name);
    await copyFile(fileURLToPath(new URL(`./tls/${name}`, import.meta.url)), file);
    await chmod(file, 0o600);
    if (user) await chown(file, user.uid, user.gid);
  }
  const port = await freePort();
  const url = (database = 'postgres') => `postgres://postgres@127.0.0.1:${port}/${database}`;

  let supervisor: ChildProcess;
  let ended: Promise<unknown>;
  const start = async () => {
    const options = [
      '-p',
      String(port),
      '-h',
      '127.0.0.1',
      '-k',
      home,
      ...[...SETTINGS, ...(durable ? [] : IN_MEMORY), ...(tls ? ['ssl=on'] : [])].flatMap((setting) => ['-c', setting]),
    ];
    supervisor = spawn('sh', ['-c', SUPERVISOR, join(binaries, 'bin/postgres'), home, ...options], {
      cwd: '/',
      stdio: ['pipe', 'ignore', 'ignore'],
      // A process group of its own: Ctrl-C at the terminal reaches the tests, which then end the server.
      detached: true,
      ...user,
    });
    ended = once(supervisor, 'exit');
    const failed = ended.then(async () => {
      throw new Error(`Postgres ended while it started: ${await readFile(join(home, 'log'), 'utf8').catch(() => '')}`);
    });
    await Promise.race([until(() => answers(url()), `Postgres answers on port ${port}`), failed]);
  };
  const stop = async (mode: 'fast' | 'immediate' | '') => {
    // It may have ended by itself.
    supervisor.stdin?.on('error', () => {}).end(`${mode}\n`);
    await ended;
  };

  const signal = async (name: 'SIGSTOP' | 'SIGCONT') => {
    const postmaster = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')[0] ?? '';
    // It is stopped first and goes on last: so it makes no more of them meanwhile, and none that has ended is buried.
    if (name === 'SIGSTOP') process.kill(Number(postmaster), name);
    const { stdout } = await run('pgrep', ['-P', postmaster]);
    for (const pid of stdout.trim().split('\n')) process.kill(Number(pid), name);
    if (name === 'SIGCONT') process.kill(Number(postmaster), name);
  };

  await start();
  return {
    port,
    home,
    url,
    async restart(mode) {
      await stop(mode);
      await start();
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    async [Symbol.asyncDispose]() {
      await stop('');
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Postgres refuses to run as root. */
function unprivileged(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }).trim());
  return { uid: id('-u'), gid: id('-g') };
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  // A server that is only just coming up closes connections.
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
