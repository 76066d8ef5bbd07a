// A repository of somebody else's that holds a copy of the client's folder, installed from the registry by a real package
// manager; the app beside it uses it.
import { execFile } from 'node:child_process';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryDirectory } from '../temporary-directory.ts';
import { copyClient } from './copy.ts';

const run = promisify(execFile);

export type Manager = 'npm' | 'pnpm';
/** `app` is the folder of the app. */
export type Monorepo = AsyncDisposable & { app: string };

const installs = {
  npm: ['install', '--no-audit', '--no-fund'],
  pnpm: ['exec', '--yes', '--', 'pnpm@12', 'install'],
};

export async function installMonorepo(manager: Manager): Promise<Monorepo> {
  await using resources = new AsyncDisposableStack();
  const directory = resources.use(await temporaryDirectory()).path;
  const app = join(directory, 'apps/web');
  await copyClient(join(directory, 'packages/goldtune'));
  await mkdir(app, { recursive: true });
  await cp(fileURLToPath(new URL('consumer', import.meta.url)), app, { recursive: true });

  const folders = ['packages/*', 'apps/*'];
  await writeFile(join(directory, 'package.json'), JSON.stringify({ private: true, workspaces: folders }));
  // JSON is YAML.
  await writeFile(join(directory, 'pnpm-workspace.yaml'), JSON.stringify({ packages: folders }));
  const client = manager === 'pnpm' ? 'workspace:*' : '*';
  await writeFile(
    join(app, 'package.json'),
    JSON.stringify({
      name: 'web',
      version: '1.0.0',
      type: 'module',
      dependencies: { '@goldtune/client': client },
      devDependencies: { '@types/node': '^24' },
    }),
  );
  await run('npm', installs[manager], { cwd: directory });
  const held = resources.move();
  return { app, [Symbol.asyncDispose]: () => held.disposeAsync() };
}
