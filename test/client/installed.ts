// A folder with nothing but the packed client installed, without a network: its dependencies are packed from what is here.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export type Installed = AsyncDisposable & { directory: string; tarball: string };

export async function installClient(): Promise<Installed> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'goldtune-consumer-')));
  const tarballs = join(directory, 'tarballs');
  await mkdir(tarballs);
  const pack = (what: readonly string[], options: readonly string[] = []) =>
    run('npm', ['pack', ...what, '--pack-destination', tarballs, '--silent', ...options], { cwd: ROOT });
  await pack(['./client']);
  await pack(await dependencies(), ['--ignore-scripts']);

  await writeFile(join(directory, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  const packed = (await readdir(tarballs)).map((name) => `./tarballs/${name}`);
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', ...packed], { cwd: directory });
  await cp(fileURLToPath(new URL('consumer', import.meta.url)), directory, { recursive: true });
  const tarball = packed.find((path) => path.includes('goldtune-client')) ?? '';
  return {
    directory,
    tarball: join(directory, tarball),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Folders of all that the client needs; of tRPC the newest, as an empty folder would get it. */
async function dependencies(): Promise<string[]> {
  const { stdout } = await run('npm', ['ls', '--workspace', 'client', '--omit=dev', '--all', '--parseable'], {
    cwd: ROOT,
  });
  const folders = stdout
    .split('\n')
    .filter((path) => /node_modules\/(?!@goldtune\/|typescript$)/.test(path))
    .map((path) =>
      path.replace(/node_modules\/@trpc\/(client|server)$/, 'test/client/newest-trpc/node_modules/@trpc/$1'),
    );
  return [...new Set(folders)];
}
