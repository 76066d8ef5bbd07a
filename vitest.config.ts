// The projects, by what they need: nothing, Postgres, the embedded database. `npm test` runs those that give a first
// answer, `npm run test:proof` the others and the proof of the cancel at its full size (package.json says which).
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { compileCache, quickStart } from './test/process/quick-start.ts';

// Inherited by the processes that run the tests, and by those that they start.
Object.assign(process.env, compileCache);

const named = (...names: readonly string[]) => names.map((name) => `test/api/${name}.test.ts`);
const overHttp = ['test/api/**/*.test.ts'];
/** Of those over HTTP, what cancels nothing. */
const withoutCancels = named('golden-records', 'guards', 'idempotency', 'original-clients');
/** What a newcomer's own database is tried with first. */
const firstOnEmbedded = named('live', 'restart');
const onPostgres = ['api', 'postgres', 'storage', 'process', 'client'].map((part) => `test/${part}/**/*.test.ts`);
const neighbours = 'test/neighbour/**/*.test.ts';
/** What takes longest, and what others would notice too in most cases: a newcomer's first answer does without. */
const thoroughOnPostgres = [
  neighbours,
  ...['exit-codes', 'time-limits'].map((name) => `test/client/cli/${name}.test.ts`),
  ...['package', 'silent-streams', 'time-limits'].map((name) => `test/client/${name}.test.ts`),
  ...['clocks', 'kill', 'scratch', 'secrets', 'shared-sandbox', 'stop'].map((name) => `test/process/${name}.test.ts`),
  ...['clock', 'session', 'stalls'].map((name) => `test/storage/${name}.test.ts`),
  'test/api/budget/**/*.test.ts',
];
const thoroughOnEmbedded = ['full-disk', 'imports'].map((name) => `test/embedded/${name}.test.ts`);
/** Suites whose size PROOF chooses (test/proof/level.ts). */
const sized = ['matrix', 'database', 'crash', 'zombies', 'soak', 'contention', 'rows', 'mutants'].map(
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
    // For what never ends. What is waited for by name ends before (test/deadline.ts), and says what it was.
    testTimeout: 15 * MINUTE_MS,
    hookTimeout: 15 * MINUTE_MS,
    projects: [
      project('pure', {
        include: ['test/**/*.test.ts'],
        exclude: [...onPostgres, ...sized, neighbours, 'test/embedded/**/*.test.ts'],
        globalSetup: [report],
      }),
      project('postgres', {
        include: onPostgres,
        exclude: thoroughOnPostgres,
        globalSetup: [postgres],
        env: { TEST_DATABASE: 'postgres' },
      }),
      project('proof', {
        include: sized,
        globalSetup: [postgres, report],
        env: { TEST_DATABASE: 'postgres' },
      }),
      project('thorough', {
        include: thoroughOnPostgres,
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
        include: [...firstOnEmbedded, 'test/embedded/**/*.test.ts'],
        exclude: thoroughOnEmbedded,
        globalSetup: [embedded],
        env: { TEST_DATABASE: 'embedded' },
      }),
      project('embedded-rest', {
        include: [...overHttp, neighbours, ...thoroughOnEmbedded],
        exclude: firstOnEmbedded,
        globalSetup: [embedded],
        env: { TEST_DATABASE: 'embedded' },
      }),
    ],
  },
});
