// The shape of the tree: which way imports run, no cycles, small files that say their job, no loose types.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { cruise } from 'dependency-cruiser';
import ts from 'typescript';
import { beforeAll, expect, test } from 'vitest';

const run = promisify(execFile);
let sources: { path: string; text: string; lines: number }[] = [];

beforeAll(async () => {
  const { stdout } = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts']);
  sources = await Promise.all(
    stdout
      .split('\n')
      .filter((path) => path !== '')
      .map(async (path) => {
        const text = await readFile(path, 'utf8');
        return { path, text, lines: text.split('\n').length - 1 };
      }),
  );
});

const inside = (path: string) => `^${path}/`;
/** Every file right under server/: the entry, the composition root and what they start with. */
const root = '[^/]+\\.ts$';
const onlyTypes = { dependencyTypesNot: ['type-only'] as 'type-only'[] };

test('imports run one way: http, worker, notify → finetuning ← storage, provider, access; only app.ts knows every part', async () => {
  const { output } = await cruise(['server', 'drizzle', 'client/src', 'examples/demo.ts'], {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node'] },
    validate: true,
    ruleSet: {
      forbidden: [
        { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
        {
          name: 'the domain knows no part around it',
          severity: 'error',
          from: { path: inside('server/finetuning') },
          to: { path: `^(server/(http|worker|notify|storage|provider|access|configuration|${root})|drizzle|examples)` },
        },
        {
          name: 'the lifecycle is pure: it knows the port and nothing else',
          severity: 'error',
          from: { path: inside('server/finetuning/lifecycle') },
          to: {
            path: '^(server/|node_modules/|node:)',
            pathNot: [
              '^server/finetuning/lifecycle/',
              '^server/finetuning/(provider|guarantees|catalogue).ts$',
              '/zod/',
            ],
          },
        },
        {
          name: 'transports know the domain only',
          severity: 'error',
          from: { path: inside('server/http') },
          to: { path: `^(server/(worker|notify|storage|provider|access|configuration|${root})|drizzle|examples)` },
        },
        {
          name: 'the worker knows the domain, and the database it queues on',
          severity: 'error',
          from: { path: inside('server/worker') },
          to: { path: `^(server/(http|notify|provider|access|configuration|${root})|drizzle|examples)` },
        },
        {
          name: 'what tells others knows the domain only',
          severity: 'error',
          from: { path: inside('server/notify') },
          to: { path: `^(server/(http|worker|storage|provider|access|configuration|${root})|drizzle|examples)` },
        },
        {
          name: 'the worker touches storage by type only',
          severity: 'error',
          from: { path: inside('server/worker') },
          to: { path: inside('server/storage'), ...onlyTypes },
        },
        {
          name: 'storage knows the domain and the tables',
          severity: 'error',
          from: { path: inside('server/storage') },
          to: { path: `^(server/(http|worker|notify|provider|configuration|${root})|examples)` },
        },
        {
          name: 'storage knows of access the keys, people and sums that it stores',
          severity: 'error',
          from: { path: inside('server/storage') },
          to: {
            path: inside('server/access'),
            pathNot: '^server/access/(count-store|key-store|people/people-store).ts$',
          },
        },
        {
          name: 'access knows who asks, and how the domain words a refusal',
          severity: 'error',
          from: { path: inside('server/access') },
          to: {
            path: '^(server/|drizzle|examples)',
            pathNot: [
              inside('server/access'),
              '^server/finetuning/(admission|at-most|limits|paging|principal|keys|people|sign-in|errors|unavailable|dependencies|object-id|record|lifecycle/actor).ts$',
            ],
          },
        },
        {
          name: 'a provider knows the port',
          severity: 'error',
          from: { path: inside('server/provider') },
          to: {
            path: '^(server/|drizzle|examples)',
            pathNot: [inside('server/provider'), '^server/finetuning/(provider|guarantees|catalogue|log-text).ts$'],
          },
        },
        {
          name: 'what configures a provider knows the words of a refusal, the catalogue and how a ledger is called',
          severity: 'error',
          from: { path: inside('server/configuration') },
          to: {
            path: '^(server/|drizzle|examples)',
            pathNot: [
              inside('server/configuration'),
              inside('server/http/fields'),
              '^server/finetuning/(catalogue|cut|nearest)\\.ts$',
              '^server/provider/((azure-|nebius-)?models|openai/(azure|compatible|ledger|profile)|slurm/(command|rest))\\.ts$',
              '^server/(setting|secret-files)\\.ts$',
            ],
          },
        },
        {
          name: 'one file knows the library of sign-ins, and one hands it its tables',
          severity: 'error',
          from: {
            path: '^server/',
            pathNot: '^server/(access/people/(sign-ins|sign-in)|storage/people/sign-in-tables)\\.ts$',
          },
          to: { path: 'node_modules/(better-auth|@better-auth)/' },
        },
        {
          name: 'nothing outside the provider knows OpenAI',
          severity: 'error',
          from: { path: '^server/', pathNot: inside('server/provider') },
          to: { path: 'node_modules/openai/' },
        },
        {
          name: 'the client knows nothing of the server',
          severity: 'error',
          from: { path: inside('client/src') },
          to: { path: '^(server|drizzle|examples)' },
        },
        {
          name: 'the library part of the client needs nothing of Node, and nothing of the terminal',
          severity: 'error',
          from: { path: inside('client/src'), pathNot: inside('client/src/cli') },
          to: { path: [inside('client/src/cli'), 'node_modules/(commander|cli-progress|cli-table3)/'] },
        },
        {
          name: 'only the root reads the configuration',
          severity: 'error',
          from: { path: '^server/', pathNot: '^server/(app|run|greeting|open-providers)\\.ts$' },
          to: { path: '^server/config.ts$' },
        },
      ],
    },
  });
  if (typeof output === 'string') throw new Error(output);
  const violations = output.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
  expect(violations).toEqual([]);
  // A cruise that resolves nothing would find nothing.
  expect(output.summary.totalDependenciesCruised ?? 0).toBeGreaterThan(150);
});

test('every file says its job in its first lines', () => {
  expect(sources.filter(({ text }) => !/^((#!|\/\/\/).*\n)?\/\/ \S/.test(text)).map(({ path }) => path)).toEqual([]);
});

test('files are small: the median is at most 90 lines, none has more than 300', () => {
  const product = sources.filter(
    ({ path }) => /^(server|drizzle|client)\//.test(path) && !path.startsWith('client/src/generated/'),
  );
  const sizes = product.map(({ lines }) => lines).sort((a, b) => a - b);
  expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(90);
  expect(product.filter(({ lines }) => lines > 300).map(({ path }) => path)).toEqual([]);
});

test('no file is a bucket', () => {
  const bucket = /(^|\/)(utils?|helpers?|common|lib|libs|misc|types)(\.ts$|\/)/;
  expect(sources.filter(({ path }) => bucket.test(path)).map(({ path }) => path)).toEqual([]);
});

test('types are not loosened: no any, no non-null assertion, no suppression', () => {
  const loose = /:\s*any\b|<any>|\bas any\b|as unknown as|@ts-(ignore|nocheck|expect-error)|biome-ignore/;
  const found = sources
    .filter(({ path }) => /^(server|client|drizzle)\//.test(path))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, at) => (loose.test(line) ? [`${path}:${at + 1}`] : [])),
    );
  expect(found).toEqual([]);
});

/** Where a type is asserted because nothing can prove it. Each says why; whatever else is needed is parsed or narrowed. */
const edges: Record<string, string> = {
  'server/http/rest/route.ts':
    'zod has parsed the value by the schema of the route; its type is lost on the way through the table',
  'client/src/client.ts': 'a Proxy is typed as its target; that it shows more, only the code beside it says',
};

test('types are asserted only at the named edges; elsewhere values are parsed or narrowed', () => {
  const found = sources
    .filter(({ path }) => /^(server|client\/src)\//.test(path))
    .flatMap((source) => assertions(source));
  expect(found.filter(({ path }) => !(path in edges)).map(({ path, text }) => `${path}: ${text}`)).toEqual([]);
  // An edge that is none any more does not stay on the list.
  expect(Object.keys(edges).filter((path) => !found.some((assertion) => assertion.path === path))).toEqual([]);
});

test.each([
  ['const a = b as string;', 1],
  ['const a = <string>b;', 1],
  ['const a = (b as unknown) as string;', 2],
  ["const a = { b: 1 } as const satisfies object; import { c as d } from 'e'; export { d as f }; // as string", 0],
])('an assertion is found wherever it stands, and nothing else is taken for one: %s', (text, count) => {
  expect(assertions({ path: 'x.ts', text })).toHaveLength(count);
});

/** Every `x as T` and `<T>x`, but not `as const`, which asserts nothing that is not so. */
function assertions({ path, text }: { path: string; text: string }): { path: string; text: string }[] {
  const found: { path: string; text: string }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isAssertionExpression(node) && !ts.isConstTypeReference(node.type))
      found.push({ path, text: node.getText() });
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return found;
}

test('only config.ts reads the environment', () => {
  const readers = sources.filter(({ path, text }) => path.startsWith('server/') && text.includes('process.env'));
  expect(readers.map(({ path }) => path)).toEqual(['server/main.ts']);
});
