// The package as somebody gets it who installs it into an empty folder.
import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorld } from '../world.ts';
import { type Installed, installClient } from './installed.ts';

const run = promisify(execFile);
let installed: Installed;

beforeAll(async () => {
  installed = await installClient();
}, 180_000);
afterAll(() => installed[Symbol.asyncDispose]());

const compilers = { '5.9': 'typescript-5.9', '6': 'typescript', '7': 'typescript-7' };

describe.each(Object.entries(compilers))('on TypeScript %s', (_version, compiler) => {
  test.each(['nodenext', 'bundler'])(
    'it types, strictly and with its dependencies checked (%s)',
    async (resolution) => {
      const config = `tsconfig.${compiler}.${resolution}.json`;
      const compilerOptions = {
        strict: true,
        skipLibCheck: false,
        noEmit: true,
        target: 'es2022',
        lib: ['es2022', 'dom', 'dom.iterable', 'dom.asynciterable'],
        module: resolution === 'nodenext' ? 'nodenext' : 'esnext',
        moduleResolution: resolution,
        types: [],
      };
      await writeFile(join(installed.directory, config), JSON.stringify({ compilerOptions, files: ['app.ts'] }));
      const tsc = join(process.cwd(), 'node_modules', compiler, 'bin/tsc');
      const { stdout } = await run(process.execPath, [tsc, '-p', config], { cwd: installed.directory }).catch(
        (error: { stdout: string }) => error,
      );
      expect(stdout).toBe('');
    },
  );
});

test('it carries nothing of the server', async () => {
  const dist = join(installed.directory, 'node_modules/@goldtune/client/dist');
  const files = (await readdir(dist, { recursive: true })).filter((name) => /\.(js|ts)$/.test(name));
  expect(files.length).toBeGreaterThan(10);
  for (const file of files) {
    const text = await readFile(join(dist, file), 'utf8');
    expect({ file, found: text.match(/from ['"](\.\.\/server|drizzle|pg\b|openai|zod)[^'"]*/g) }).toEqual({
      file,
      found: null,
    });
  }
});

test('its library part needs nothing of Node', async () => {
  const { stdout } = await run('grep', ['-rlE', "from 'node:|process\\.", 'node_modules/@goldtune/client/dist'], {
    cwd: installed.directory,
  }).catch(() => ({ stdout: '' }));
  expect(stdout.split('\n').filter((path) => path !== '' && !path.includes('/dist/cli/'))).toEqual([]);
});

test('publint and attw have nothing to say', async () => {
  const data = await readFile(installed.tarball);
  const tarball = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
  const { messages } = await publint({ pack: { tarball }, strict: true });
  expect(messages).toEqual([]);
  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(data)));
  if (!analysis.types) throw new Error('attw found no types');
  // An ES module only, by decision: `require` of it works from Node 20.19 on, and attw says what it says of all such.
  expect(analysis.problems.filter(({ kind }) => kind !== 'CJSResolvesToESM' && kind !== 'NoResolution')).toEqual([]);
});

/** The machine's own Node, which npm's scripts hide behind the project's. */
async function systemNode(): Promise<string> {
  const PATH = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .join(delimiter);
  return (await run('sh', ['-c', 'command -v node'], { env: { PATH } })).stdout.trim();
}

test.each(['the Node of the machine', 'the Node of the project'])(
  'it runs against a live server on %s',
  async (which) => {
    await using world = await startWorld();
    const node = which === 'the Node of the project' ? process.execPath : await systemNode();
    const { stdout } = await run(node, ['run.js', world.app.url ?? ''], { cwd: installed.directory });
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'cancelled',
      receipt: { state: 'confirmed' },
      gapless: true,
      refused: 'not_found',
    });
  },
);
