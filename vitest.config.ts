// The projects, by what they need: nothing, Postgres, the embedded database. `npm test` runs those that give a first
// answer, `npm run test:proof` the others and the proof of the cancel at its full size (package.json says which).
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';
import { compileCache, quickStart } from './test/process/quick-start.ts';

// Inherited by the processes that run the tests, and by those that they start.
Object.assign(process.env, compileCache);

const files = (folder: string, ...names: readonly string[]) => names.map((name) => `test/${folder}/${name}.test.ts`);
const overHttp = ['test/api/**/*.test.ts'];
/** Of those over HTTP, what stops nothing. */
const withoutCancels = files(
  'api',
  ...['db-connections', 'golden-records', 'guards', 'idempotency', 'logs', 'original-clients'],
  ...['provider-choice', 'provider-list'],
);
const neighbours = 'test/neighbour/**/*.test.ts';
const onPostgres = ['api', 'postgres', 'storage', 'process', 'client'].map((part) => `test/${part}/**/*.test.ts`);
/** A newcomer's first answer: the promise, the contract, and a first taste of everything else. */
const firstOnPostgres = [
  ...files('api', 'cancel-states', 'fuzz/fuzz', 'idempotency', 'original-clients', 'rest-contract', 'trpc'),
  ...files('client', 'front-end', 'cli/suggestions', 'cli/table'),
  ...files('process', 'large-bodies', 'sample', 'several-providers'),
  ...files('storage', 'answers', 'connection-races', 'guards', 'library-example', 'lost-connection', 'migrate'),
  ...files('storage', 'organizations', 'password', 'sqlstate', 'start-failure'),
];
/** What a newcomer's own database is tried with first. */
const firstOnEmbedded = [...files('api', 'restart'), ...files('embedded', 'first-start')];
/** On real daemons, where they are installed. */
const onSlurm = 'test/slurm/**/*.test.ts';
const firstOnSlurm = files('slurm', 'recipes', 'runs');
/** Of what needs nothing, what takes longest. */
const thorough = [...files('dataset', 'false-flags'), ...files('provider', 'bounds'), 'test/compose.test.ts'];
/** Suites whose size PROOF chooses (test/proof/level.ts): those that need nothing, and the others. */
const searches = ['search', 'property'].map((suite) => `test/proof/${suite}/**/*.test.ts`);
const sized = ['matrix', 'database', 'crash', 'zombies', 'soak', 'contention', 'rows', 'hosts', 'mutants'].map(
  (suite) => `test/proof/${suite}/**/*.test.ts`,
);
const postgres = 'test/postgres/global-setup.ts';
const embedded = 'test/embedded/global-setup.ts';
const report = 'test/proof/report-setup.ts';

const project = (
  name: string,
  test: { include: string[]; exclude?: string[]; globalSetup: string[]; env?: Record<string, string> },
) => ({ extends: true as const, test: { name, ...test } });

const MINUTE_MS = 60_000;

export default defineConfig({
  // As a front end imports it; here it need not be built for that.
  resolve: { alias: { '@goldtune/client': fileURLToPath(new URL('client/src/index.ts', import.meta.url)) } },
  test: {
    // Most tests wait for sockets and processes, not for a processor.
    maxWorkers: 4,
    execArgv: quickStart,
    // No file leaves anything behind for the next, and loading the server anew for each would cost a minute in all.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // For what never ends. What is waited for by name ends before (test/deadline.ts), and says what it was.
    testTimeout: 15 * MINUTE_MS,
    hookTimeout: 15 * MINUTE_MS,
    projects: [
      project('pure', {
        include: ['test/**/*.test.ts'],
        exclude: [...onPostgres, ...searches, ...sized, ...thorough, neighbours, onSlurm, 'test/embedded/**/*.test.ts'],
        globalSetup: [],
      }),
      project('search', { include: searches, globalSetup: [report] }),
      project('postgres', {
        include: firstOnPostgres,
        globalSetup: [postgres],
        env: { TEST_DATABASE: 'postgres' },
      }),
      project('slurm', { include: firstOnSlurm, globalSetup: [embedded] }),
      project('slurm-faults', { include: [onSlurm], exclude: firstOnSlurm, globalSetup: [embedded] }),
      project('proof', {
        include: sized,
        globalSetup: [postgres, report],
        env: { TEST_DATABASE: 'postgres' },
      }),
      project('thorough', {
        include: [...onPostgres, ...thorough, neighbours],
        exclude: firstOnPostgres,
        globalSetup: [postgres],
        env: { TEST_DATABASE: 'postgres' },
      }),
      project('unnotified', {
        include: overHttp,
        exclude: withoutCancels,
        globalSetup: [postgres],
        env: { TEST_DATABASE: 'postgres', TEST_NOTIFICATIONS: 'off' },
      }),
      project('embedded', {
        include: firstOnEmbedded,
        globalSetup: [embedded],
        env: { TEST_DATABASE: 'embedded' },
      }),
      project('embedded-rest', {
        include: [...overHttp, neighbours, 'test/embedded/**/*.test.ts'],
        exclude: firstOnEmbedded,
        globalSetup: [embedded],
        env: { TEST_DATABASE: 'embedded' },
      }),
    ],
  },
});
