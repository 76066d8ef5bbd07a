// `npm run migration -- --name what_changes` writes the next migration from schema.ts.
import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: ['schema', 'webhook-tables', 'bulk-cancels', 'audit-entries', 'people'].map((part) => `./drizzle/${part}.ts`),
  out: './drizzle/migrations',
});
