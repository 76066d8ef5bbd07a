// A process of its own that acts out a scenario, and at the given step kills or stops itself.
import { writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { drizzle } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';
import { z } from 'zod';
import * as schema from '../../../drizzle/schema.ts';
import { storeOn } from '../../store.ts';
import { forgetfulAt } from '../forgetful/provider.ts';
import { dependenciesOf, providerAt } from '../installation.ts';
import { judgedStore } from '../judged.ts';
import { stepping } from '../steps.ts';
import { Time } from '../time.ts';
import { scenarios } from './scenarios.ts';

const assignment = z.object({
  scenario: z.string(),
  database: z.string(),
  provider: z.string(),
  /** It is one that can forget. */
  forgetful: z.boolean(),
  time: z.object({ path: z.string(), started: z.number() }),
  task: z.object({
    id: z.string().nullable(),
    home: z.object({ organization: z.string(), connectionId: z.string() }),
    key: z.string(),
  }),
  end: z.union([
    /** Dies by kill -9 at this step, counted from 1. */
    z.object({ killAt: z.number() }),
    /** Is stopped before it first sends this request, until somebody lets it go on. */
    z.object({ stopBefore: z.string() }),
  ]),
});
export type Assignment = z.infer<typeof assignment>;

if (import.meta.main) {
  // Otherwise this is done in the end, which few of these see.
  flushCompileCache();
  const given = assignment.parse(JSON.parse(process.argv[2] ?? ''));
  const { scenario, database, time: named, task, end } = given;
  // Not through `openDatabase`: the tables are there, and a bundle does not find the migrations.
  const pool = new Pool({ connectionString: database });
  pool.on('error', () => {});
  const store = judgedStore(storeOn(drizzle({ client: pool, schema })), (violations) => {
    if (violations.length === 0) return;
    // At once: thrown, it would count as one more failure that is tried again.
    writeSync(2, violations.join('\n'));
    process.exit(1);
  });
  let steps = 0;
  let stopped = false;
  using time = new Time(named);
  const provider = given.forgetful ? forgetfulAt(given.provider) : providerAt(given.provider);
  const plain = dependenciesOf({ store, provider, clocks: time.clocks() });
  const deps = stepping(plain, async (name) => {
    steps += 1;
    if ('killAt' in end && steps === end.killAt) process.kill(process.pid, 'SIGKILL');
    if ('stopBefore' in end && !stopped && name === `before ${end.stopBefore}`) {
      stopped = true;
      process.kill(process.pid, 'SIGSTOP');
    }
  });
  // Written at once: what was said before the end has been heard.
  await scenarios[scenario]?.act(deps, time, task, (intent, told) =>
    writeSync(1, `${JSON.stringify({ intent, told })}\n`),
  );
  await pool.end();
}
