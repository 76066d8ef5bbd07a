// What npm makes of it: the installation on an older Node, scripts without the Node that comes along, and the stop.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { z } from 'zod';
import packageJson from '../../package.json' with { type: 'json' };
import { within } from '../deadline.ts';
import { startedBefore } from '../embedded/template.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { until } from '../until.ts';
import { compileCache } from './quick-start.ts';

const run = promisify(execFile);

/** Node says that it is this one, to npm and to whatever npm runs. */
const onNode = (version: string) => {
  const code = `
    Object.defineProperty(process, 'version', { value: 'v${version}' });
    Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });
  `;
  return { ...process.env, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` };
};

async function npm(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
  const failed = z.object({ code: z.number(), stdout: z.string(), stderr: z.string() });
  return run('npm', args, { cwd, env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: unknown) => failed.parse(error),
  );
}

test('an installation on Node 20 warns of nothing, though packages declare a newer one', async () => {
  await using directory = await temporaryDirectory();
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) await copyFile(name, join(directory.path, name));
  const install = (...options: string[]) =>
    npm(['ci', '--dry-run', '--ignore-scripts', '--offline', ...options], directory.path, onNode('20.19.0'));
  expect(await install()).toMatchObject({ code: 0, stderr: '' });
  expect((await install('--loglevel=warn')).stderr, 'who asks is told').toContain('EBADENGINE');
});

test('an installation for production kept what only compilers and debuggers read; one with the tests keeps it', async () => {
  await using directory = await temporaryDirectory();
  const script = join(directory.path, 'server/production-modules.js');
  const inModules = (path: string) => join(directory.path, 'node_modules', path);
  const elsewhere = ['@azure/identity/dist/browser/index.js', '@azure/msal-common/src/index.ts'];
  const unread = [
    ...['typescript/bin/tsc', '@types/node/index.d.ts', 'node-sql-parser/umd/all.js', 'a/b/index.js.map'],
    // Which npm installs, as better-auth could use it.
    ...[...elsewhere, 'vitest/package.json'],
  ];
  const read = ['a/b/index.js', 'a/b/index.d.ts', 'a/b/src/index.js', 'node-sql-parser/build/mysql.js'];
  await mkdir(dirname(script));
  for (const name of ['production-modules.js', 'needed-modules.ts'])
    await copyFile(`server/${name}`, join(dirname(script), name));
  const needed = ['a', 'zod', 'typescript', '@types/node', 'node-sql-parser', '@azure/identity', '@azure/msal-common'];
  const packages = {
    '': { dependencies: Object.fromEntries(needed.map((name) => [name, '1'])) },
    ...Object.fromEntries([...needed, 'vitest', '@biomejs/biome'].map((name) => [`node_modules/${name}`, {}])),
  };
  await writeFile(join(directory.path, 'package-lock.json'), JSON.stringify({ packages }));
  await run('cp', ['-r', '--parents', 'node_modules/zod', directory.path]);
  for (const path of [...unread, ...read, '@biomejs/biome/package.json']) {
    await mkdir(dirname(inModules(path)), { recursive: true });
    await writeFile(inModules(path), '');
  }
  const left = () => [...unread, ...read].filter((path) => existsSync(inModules(path)));

  await run(process.execPath, [script]);
  expect(left()).toEqual([...unread, ...read]);
  await rm(inModules('@biomejs'), { recursive: true });
  await run(process.execPath, [script]);
  expect(left()).toEqual(read);
});

test.each(Object.entries(packageJson.scripts).filter(([, script]) => /\bnode\b.*\.ts\b|vitest/.test(script)))(
  '"npm run %s" without the Node that comes along says in one line what to do',
  async (name, script) => {
    await using directory = await temporaryDirectory();
    await run('cp', ['-r', 'package.json', 'server', directory.path]);
    const { code, stderr } = await npm(['run', name], directory.path, onNode('20.19.0'));
    expect({ script, code }).toMatchObject({ code: 1 });
    const [said] = stderr.split('\n');
    expect(said).toContain('goldtune runs on Node 24.14 or newer, and this is Node 20.19.0.');
    expect(said).toContain('"npm rebuild node --ignore-scripts=false"');
    expect(stderr).not.toContain('ERR_UNKNOWN_FILE_EXTENSION');
  },
);

test('a SIGTERM to npm ends the server that it started, with 0', async () => {
  await using template = await startedBefore();
  const env = { ...process.env, ...compileCache, PORT: '0', DATA_DIR: template.path };
  const child = spawn('npm', ['start'], { env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  await using _group = {
    async [Symbol.asyncDispose]() {
      // All that it started, should one have outlived it.
      if (child.pid !== undefined) await run('kill', ['-KILL', '--', `-${child.pid}`]).catch(() => {});
    },
  };
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  const exit = once(child, 'exit');
  const url = await until(() => /listens on (\S+)/.exec(printed)?.[1] ?? null, 'the server listens');
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await within(exit, 'npm has ended')).toEqual([0, null]);
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
});
