// A process of its own that acts out a scenario and kills itself at the given step, as kill -9 would.
import { writeSync } from 'node:fs';
import { z } from 'zod';
import { openDatabase } from '../../../server/storage/database.ts';
import { createStore } from '../../../server/storage/store.ts';
import { dependenciesOf, providerAt } from '../installation.ts';
import { stepping } from '../steps.ts';
import { scenarios } from './scenarios.ts';

const given = z
  .object({
    scenario: z.string(),
    database: z.string(),
    provider: z.string(),
    lastStep: z.number(),
    task: z.object({ id: z.string().nullable(), connectionId: z.string(), key: z.string() }),
  })
  .parse(JSON.parse(process.argv[2] ?? ''));

await using opened = await openDatabase({ url: given.database }, () => {});
let steps = 0;
const deps = stepping(
  dependenciesOf({ store: createStore(opened.db, async () => {}), provider: providerAt(given.provider) }),
  async () => {
    steps += 1;
    if (steps === given.lastStep) process.kill(process.pid, 'SIGKILL');
  },
);
// Written at once: what was said before the kill has been heard.
await scenarios[given.scenario]?.act(deps, given.task, (intent) => writeSync(1, `${intent}\n`));
