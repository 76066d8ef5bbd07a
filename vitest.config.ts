// Four projects: what needs no database, what needs Postgres, whatever cancels again with every notification lost,
// and the suites over HTTP again on the embedded database.
import { defineConfig } from 'vitest/config';
import { compileCache, quickImports } from './test/process/quick-start.ts';

// Inherited by the processes that run the tests, and by those that they start.
Object.assign(process.env, compileCache);

const overHttp = ['test/api/**/*.test.ts'];
const onPostgres = [
  ...['postgres', 'storage', 'process', 'client'].map((part) => `test/${part}/**/*.test.ts`),
  ...['matrix', 'crash', 'zombies', 'soak', 'contention', 'rows', 'mutants'].map(
    (suite) => `test/proof/${suite}/**/*.test.ts`,
  ),
];
const report = ['test/proof/report-setup.ts'];

export default defineConfig({
  test: {
    // Most tests wait for sockets and processes, not for a processor.
    maxWorkers: 4,
    execArgv: quickImports,
    // No file leaves anything behind for the next, and loading the server anew for each would cost a minute in all.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'pure',
          include: ['test/**/*.test.ts'],
          exclude: [...overHttp, ...onPostgres],
          globalSetup: report,
        },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: [...overHttp, ...onPostgres],
          globalSetup: ['test/postgres/global-setup.ts', ...report],
          env: { TEST_DATABASE: 'postgres' },
        },
      },
      {
        extends: true,
        test: {
          name: 'unnotified',
          include: overHttp,
          // In these nothing is cancelled.
          exclude: ['golden-records', 'guards', 'idempotency', 'original-clients'].map(
            (name) => `test/api/${name}.test.ts`,
          ),
          globalSetup: ['test/postgres/global-setup.ts'],
          env: { TEST_DATABASE: 'postgres', TEST_NOTIFICATIONS: 'off' },
        },
      },
      {
        extends: true,
        test: {
          name: 'embedded',
          include: overHttp,
          globalSetup: ['test/embedded/global-setup.ts'],
          env: { TEST_DATABASE: 'embedded' },
        },
      },
    ],
  },
});
