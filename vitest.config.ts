// Two projects: everything once, and the suites over HTTP a second time on the embedded database, which is the default.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'postgres',
          include: ['test/**/*.test.ts'],
          globalSetup: ['test/postgres/global-setup.ts'],
          env: { TEST_DATABASE: 'postgres' },
        },
      },
      {
        extends: true,
        test: { name: 'embedded', include: ['test/api/**/*.test.ts'], env: { TEST_DATABASE: 'embedded' } },
      },
    ],
  },
});
