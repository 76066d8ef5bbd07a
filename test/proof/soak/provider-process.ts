// The provider of the soak, as a process of its own: the sandbox on a ledger file, behind a network that breaks at times.

import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { startSandbox } from '../../../server/provider/sandbox/server.ts';
import { subjectOf } from '../../provider/faults.ts';
import { chance } from '../seed.ts';

const [ledgerPath = '', requestsPath = '', seed = '0'] = process.argv.slice(2);
const { below } = chance(Number(seed));
/** Of so many requests one breaks before it is executed, and one after. */
const ONE_IN = 25;

await using sandbox = await startSandbox({
  ledgerPath,
  timeScale: 3,
  async intercept({ operation, request, execute, abort }) {
    appendFileSync(requestsPath, `${JSON.stringify({ operation, ...(await subjectOf(operation, request)) })}\n`);
    const luck = below(ONE_IN);
    const answer = luck === 0 ? new Response(null) : await execute();
    if (luck <= 1) abort();
    return answer;
  },
});
console.log(`listens on ${sandbox.url}`);
await once(process, 'SIGTERM');
