// The package as somebody gets it who installs it into an empty folder.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { atLevel, level } from '../proof/level.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { startWorld } from '../world.ts';
import { quickInfo } from './editor.ts';
import { type Installed, installClient } from './installed.ts';
import { installMonorepo, type Monorepo } from './monorepo.ts';
import { layOutAsPnpm } from './pnpm-layout.ts';

const run = promisify(execFile);
let installed: Installed;

beforeAll(async () => {
  // The newest tRPC, as an empty folder gets it.
  installed = await installClient({ trpcOf: 'test/client/newest-trpc' });
});
afterAll(() => installed?.[Symbol.asyncDispose]());

type Compilation = readonly [version: string, moduleResolution: 'nodenext' | 'bundler', compiler: string];
/** Each of the two ways to find modules on two of them: a compilation takes seconds. */
const others: readonly Compilation[] = [
  ['5.9', 'nodenext', 'typescript-5.9'],
  ['6', 'bundler', 'typescript'],
  ['7', 'bundler', 'typescript-7'],
];
const newest: Compilation = ['7', 'nodenext', 'typescript-7'];
const compilations = atLevel({ small: [newest], proof: others, deep: [newest, ...others] });
const TYPES = join(process.cwd(), 'node_modules/@types');
const strictly = {
  strict: true,
  noEmit: true,
  target: 'es2022',
  lib: ['es2022', 'dom', 'dom.iterable', 'dom.asynciterable'],
  module: 'esnext',
  moduleResolution: 'bundler',
  types: [],
};

/** What the compiler has to say of the files of an installed folder; nothing is best. */
async function compile(directory: string, files: readonly string[], options: object, compiler = 'typescript') {
  const config = `tsconfig.${randomUUID()}.json`;
  await writeFile(
    join(directory, config),
    JSON.stringify({ compilerOptions: { ...strictly, skipLibCheck: false, ...options }, files }),
  );
  const tsc = join(process.cwd(), 'node_modules', compiler, 'bin/tsc');
  return run(process.execPath, [tsc, '-p', config], { cwd: directory }).then(
    () => '',
    (error: { stdout: string }) => error.stdout,
  );
}

test.each(compilations)(
  'it types on TypeScript %s, strictly and with its dependencies checked (%s)',
  async (_version, moduleResolution, compiler) => {
    const module = moduleResolution === 'nodenext' ? 'nodenext' : 'esnext';
    expect(await compile(installed.directory, ['app.ts'], { module, moduleResolution }, compiler)).toBe('');
  },
);

test('a program without the DOM library declares one name for tRPC, and nothing for goldtune', async () => {
  const options = { lib: ['es2022', 'esnext.disposable'], types: ['node'], typeRoots: [TYPES] };
  const complaints = await compile(installed.directory, ['app.ts'], options, 'typescript-7');
  expect([...complaints.matchAll(/^\S+?: error .*/gm)].map(([line]) => line)).toEqual([
    expect.stringMatching(/^node_modules\/@trpc\/client\/.*'RequestInfo'/),
  ]);
  expect(await compile(installed.directory, ['app.ts', 'without-dom.d.ts'], options, 'typescript-7')).toBe('');
});

describe('a package around it, with declarations of its own', () => {
  let underPnpm: Awaited<ReturnType<typeof temporaryDirectory>>;
  beforeAll(async () => {
    underPnpm = await temporaryDirectory();
    await layOutAsPnpm(installed.directory, underPnpm.path, '@goldtune/client');
    await writeFile(join(underPnpm.path, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    await cp(join(installed.directory, 'declared.ts'), join(underPnpm.path, 'declared.ts'));
  });
  afterAll(() => underPnpm?.[Symbol.asyncDispose]());

  test.each([
    ['pnpm', '5.9', 'typescript-5.9'],
    ['pnpm', '6', 'typescript'],
    ['pnpm', '7', 'typescript-7'],
    ['npm', '5.9', 'typescript-5.9'],
  ])('names what it exports under the folders of %s (TypeScript %s)', async (manager, _version, compiler) => {
    const directory = manager === 'pnpm' ? underPnpm.path : installed.directory;
    await expectNamed(directory, { skipLibCheck: true }, compiler);
  });
});

/** A package of one's own around the client, which writes declarations: they name nothing that it has not installed. */
async function expectNamed(directory: string, options: object, compiler = 'typescript'): Promise<void> {
  const [rootDir, outDir] = ['.', `declared-${compiler}`];
  const emitting = { noEmit: false, declaration: true, composite: true, rootDir, outDir };
  const nodenext = { module: 'nodenext', moduleResolution: 'nodenext', exactOptionalPropertyTypes: true };
  const complaints = await compile(directory, ['declared.ts'], { ...emitting, ...nodenext, ...options }, compiler);
  expect(complaints).toBe('');
  const declared = await readFile(join(directory, outDir, 'declared.d.ts'), 'utf8');
  const named = [...declared.matchAll(/import\("([^"]+)"\)/g)].map(([, from]) => from);
  expect(new Set(named)).toEqual(new Set(['@goldtune/client']));
  expect(declared).not.toMatch(/: any\b/);
}

test.each([
  ['a procedure', 'finetunings.cancel.mutate({ id })', 'cancel', 'never lost'],
  ['a convenience', 'goldtune.cancelAndWait(id,', 'cancelAndWait', 'proven'],
  ['a field', 'event.progress?.percent satisfies', 'percent', 'Of all steps'],
])('the words about %s reach the editor', (_what, within, name, words) => {
  expect(quickInfo(join(installed.directory, 'app.ts'), within, name)).toContain(words);
});

test('it is what was built, the command and the words about it', async () => {
  const packed = await readdir(join(installed.directory, 'node_modules/@goldtune/client'));
  expect(packed.toSorted()).toEqual(['LICENSE', 'README.md', 'bin', 'dist', 'package.json']);
});

test('the command of a copy that was not built says what to do', async () => {
  await using copy = await temporaryDirectory();
  await cp('client/bin', join(copy.path, 'bin'), { recursive: true });
  await writeFile(join(copy.path, 'package.json'), JSON.stringify({ type: 'module' }));
  const refused = await run(process.execPath, ['bin/goldtune.js', '--help'], { cwd: copy.path }).catch(
    (error) => error,
  );
  expect(refused).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^goldtune: this copy is not built; run `npm install && npm run build` in \/.*\n$/),
  });
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
  // An ES module only, by decision: what attw's own profile `esm-only` leaves out is left out.
  const forOthers = ['node10', 'node16-cjs'];
  expect(
    analysis.problems.filter((problem) => !('resolutionKind' in problem && forOthers.includes(problem.resolutionKind))),
  ).toEqual([]);
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

test.each(['the Node of the machine', 'the Node of the project'])('its terminal runs on %s', async (which) => {
  await using world = await startWorld();
  const created = await world.createIn('running');
  const node = which === 'the Node of the project' ? process.execPath : await systemNode();
  const terminal = ['node_modules/.bin/goldtune', '--url', world.app.url ?? '', '--json'];
  const { stdout } = await run(node, [...terminal, 'finetunings', 'cancel', created.id], { cwd: installed.directory });
  expect(JSON.parse(stdout)).toMatchObject([{ id: created.id, cancellation: { state: 'confirmed' } }]);
});

const inMonorepo = 'in a monorepo, beside React and TanStack Query';
/** An installation more; small, the one into an empty folder has to do. */
if (level !== 'small')
  describe(inMonorepo, () => {
    let frontEnd: Installed;
    beforeAll(async () => {
      frontEnd = await installClient({
        beside: ['@trpc/tanstack-react-query', '@tanstack/react-query', 'react', '@types/react'],
      });
    });
    afterAll(() => frontEnd?.[Symbol.asyncDispose]());

    test('one copy of tRPC is installed', async () => {
      const folders = await readdir(join(frontEnd.directory, 'node_modules'), { recursive: true });
      expect(folders.filter((path) => path.endsWith('@trpc/server/package.json'))).toEqual([
        '@trpc/server/package.json',
      ]);
    });

    test('the example and its misuses are told apart by the types', async () => {
      await cp('examples/front-end/runs.tsx', join(frontEnd.directory, 'runs.tsx'));
      // The tRPC that TanStack's adapter pins names types of `ws` and Node in its declarations without bringing them.
      const options = { skipLibCheck: true, jsx: 'react-jsx' };
      expect(await compile(frontEnd.directory, ['runs.tsx', 'front-end-types.ts'], options)).toBe('');
    });

    test('it lists and cancels through TanStack Query', async () => {
      await using world = await startWorld();
      const created = await world.createIn('running');
      const { stdout } = await run(process.execPath, ['front-end-run.js', world.app.url ?? ''], {
        cwd: frontEnd.directory,
      });
      expect(JSON.parse(stdout)).toEqual([{ id: created.id, status: 'cancelled' }]);
      expect(world.jobsOf(created.id).map((job) => job.status)).toEqual(['cancelled']);
    });
  });

/** From the registry, by real package managers. */
if (level !== 'small')
  describe.each(['npm', 'pnpm'] as const)('as a folder of another repository, installed by %s', (manager) => {
    let repository: Monorepo;
    beforeAll(async () => {
      repository = await installMonorepo(manager);
    });
    afterAll(() => repository?.[Symbol.asyncDispose]());

    test('it is built by the installation, and runs', async () => {
      await using world = await startWorld();
      const { stdout } = await run(process.execPath, ['run.js', world.app.url ?? ''], { cwd: repository.app });
      expect(JSON.parse(stdout)).toMatchObject({ status: 'cancelled', gapless: true });
    });

    test('its command is there', async () => {
      const { stdout } = await run('npx', ['--no-install', 'goldtune', '--version'], { cwd: repository.app });
      expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    });

    test.each([
      ['with', { skipLibCheck: false }],
      ['without', { lib: ['es2022', 'esnext.disposable'], types: ['node'], skipLibCheck: true }],
    ])('a package around it names what it exports, %s the DOM library', async (_which, options) => {
      await expectNamed(repository.app, options);
    });
  });
