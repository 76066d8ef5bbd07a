// `npm run migration -- --name what_changes` writes the next migration from schema.ts.
import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: [
    './drizzle/schema.ts',
    './drizzle/webhook-tables.ts',
    './drizzle/bulk-cancels.ts',
    './drizzle/audit-entries.ts',
  ],
  out: './drizzle/migrations',
});
