// A folder with nothing but the packed client installed, and what is asked for beside it. The client is built and packed
// in a copy of its folder, away from the project. Without a network: what it depends on is taken from what is installed
// here.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { copyClient } from './copy.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLIENT = join(ROOT, 'client');

export type Installed = AsyncDisposable & { directory: string; tarball: string };

type Options = {
  /** Folder whose tRPC is taken: of the project itself, unless said otherwise. */
  trpcOf?: string;
  /** Packages installed besides, by name. */
  beside?: readonly string[];
};

export async function installClient({ trpcOf = '.', beside = [] }: Options = {}): Promise<Installed> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'goldtune-consumer-')));
  const tarballs = join(directory, 'tarballs');
  await mkdir(tarballs);
  const pack = (what: readonly string[], options: readonly string[] = []) =>
    run('npm', ['pack', ...what, '--pack-destination', tarballs, '--silent', ...options], { cwd: ROOT });
  const trpcFrom = join(ROOT, trpcOf);
  const source = join(directory, 'source');
  await copyClient(source);
  await linkNeeded(source, trpcFrom);
  await pack([source]);
  await rm(source, { recursive: true });
  const direct = [...(await dependenciesOf(CLIENT)), ...beside];
  const found = new Set<string>();
  // The client's own are those beside it: the project may use other versions of them for itself.
  await closure(direct.filter(isTrpc), trpcFrom, found);
  await closure(
    direct.filter((name) => !isTrpc(name)),
    CLIENT,
    found,
  );
  await pack([...found], ['--ignore-scripts']);

  await writeFile(join(directory, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  const packed = (await readdir(tarballs)).map((name) => `./tarballs/${name}`);
  // The compilers are the project's: tRPC's wish for one beside it needs no copy here.
  const options = ['--offline', '--legacy-peer-deps', '--no-audit', '--no-fund', '--ignore-scripts'];
  await run('npm', ['install', ...options, ...packed], { cwd: directory });
  await cp(fileURLToPath(new URL('consumer', import.meta.url)), directory, { recursive: true });
  const tarball = packed.find((path) => path.includes('goldtune-client')) ?? '';
  return {
    directory,
    tarball: join(directory, tarball),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

const isTrpc = (name: string) => name === '@trpc/client' || name === '@trpc/server';

const needed = z.record(z.string(), z.string()).default({});
const manifest = z.object({ dependencies: needed, devDependencies: needed });

const manifestOf = async (folder: string) =>
  manifest.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));

const dependenciesOf = async (folder: string) => Object.keys((await manifestOf(folder)).dependencies);

/** What a copy of the client's folder asks for and builds with, and nothing else, as links to where it is here. */
async function linkNeeded(copy: string, trpcFrom: string): Promise<void> {
  const { dependencies, devDependencies } = await manifestOf(copy);
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    const place = join(copy, 'node_modules', name);
    await mkdir(dirname(place), { recursive: true });
    await symlink(folderOf(name, isTrpc(name) ? trpcFrom : CLIENT), place);
  }
}

/** Folders of the packages and of all that they need, found as Node finds them. */
async function closure(names: readonly string[], from: string, found: Set<string>): Promise<void> {
  for (const name of names) {
    const folder = folderOf(name, from);
    if (found.has(folder)) continue;
    found.add(folder);
    await closure(await dependenciesOf(folder), folder, found);
  }
}

function folderOf(name: string, from: string): string {
  const folder = join(from, 'node_modules', name);
  if (existsSync(join(folder, 'package.json'))) return folder;
  if (from === dirname(from)) throw new Error(`${name} is not installed`);
  return folderOf(name, dirname(from));
}
