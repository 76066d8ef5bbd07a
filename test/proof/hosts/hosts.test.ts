// Whole runs at hosts that are not OpenAI, by the same protocol: what carries the tag and how they refuse is theirs.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Provider } from '../../../server/finetuning/provider.ts';
import { azureProvider } from '../../../server/provider/openai/azure.ts';
import { compatibleProvider } from '../../../server/provider/openai/compatible.ts';
import { nebiusProfile } from '../../../server/provider/openai/profiles.ts';
import type { Sandbox } from '../../../server/provider/sandbox/server.ts';
import type { Faults } from '../../provider/faults.ts';
import { AZURE_KEY, azurePersonality } from '../../provider/personality/azure.ts';
import { serveAs } from '../../provider/personality/front.ts';
import { nebiusPersonality } from '../../provider/personality/nebius.ts';
import { type Cell, startCell } from '../cell.ts';
import { type Ground, layGround } from '../ground.ts';
import { providerAt } from '../installation.ts';
import { atLevel } from '../level.ts';

type Connect = (sandbox: Sandbox, resources: AsyncDisposableStack) => Promise<Provider>;

/** What all providers of a proof have in common, but for whom they speak to. */
const common = (url: string) => {
  const { ledger, models } = providerAt(url);
  return { ledger, models, timeoutMs: 60_000 };
};

const hosts: Record<string, Connect> = {
  async azure(sandbox, resources) {
    const { url } = resources.use(await serveAs(azurePersonality, sandbox));
    return azureProvider({ ...common(url), name: 'azure', endpoint: url, apiKey: AZURE_KEY });
  },
  async nebius(sandbox, resources) {
    const { url } = resources.use(await serveAs(nebiusPersonality, sandbox));
    return compatibleProvider({
      ...common(url),
      name: 'nebius',
      baseUrl: url,
      apiKey: 'sandbox',
      profile: nebiusProfile,
    });
  },
};

const scenarios: [what: string, prepare: (faults: Faults) => void][] = [
  ['with nothing in the way', () => {}],
  ['though the answer to its create was lost', (faults) => faults.next('jobs.create', { kind: 'reset_after' })],
  ['though its create never arrived', (faults) => faults.next('jobs.create', { kind: 'reset_before' })],
  ['though the answer to its cancel was lost', (faults) => faults.next('jobs.cancel', { kind: 'reset_after' })],
  ['though its cancel never arrived', (faults) => faults.next('jobs.cancel', { kind: 'reset_before' })],
  ['though its file was removed unanswered', (faults) => faults.next('files.delete', { kind: 'reset_after' })],
  [
    'though it was refused for being asked too often',
    (faults) => faults.next('jobs.cancel', { kind: 'status', status: 429 }),
  ],
];

/** Small, every third of them. */
const ONE_IN = atLevel({ small: 3, proof: 1, deep: 1 });
const tried = scenarios.filter((_, index) => index % ONE_IN === 0);

describe.each(Object.entries(hosts))('at %s', (_host, connect) => {
  let ground: Ground;
  beforeAll(async () => {
    ground = await layGround();
  });
  afterAll(() => ground[Symbol.asyncDispose]());

  const jobsOf = ({ sandbox }: Cell, id: string) =>
    sandbox.ledger.jobs().filter(({ metadata }) => metadata?.['goldtune_finetuning'] === id);

  it.each(tried)('a run is stopped %s, and nothing of it goes on', async (_what, prepare) => {
    await using cell = await startCell(ground, { connect });
    prepare(cell.faults);
    const { id } = await cell.create();
    {
      await using _work = cell.work();
      await cell.comesToRest(() => jobsOf(cell, id).length > 0);
      await cell.stop('cancel');
      await cell.comesToRest();
    }
    expect((await cell.settle()).state.status).toBe('cancelled');
    expect(jobsOf(cell, id).filter(({ status }) => !['cancelled', 'failed'].includes(status))).toEqual([]);
  });

  it('a create that arrives after its run was stopped is refused, for its file is gone', async () => {
    await using cell = await startCell(ground, { connect });
    const late = cell.faults.holdExecution('jobs.create');
    const { id } = await cell.create();
    {
      await using _work = cell.work();
      await late.reached;
      late.cut();
      await cell.stop('cancel');
      await cell.comesToRest();
    }
    expect((await cell.settle()).state.status).toBe('cancelled');
    expect(cell.faults.createsRefused).toBe(1);
    expect(jobsOf(cell, id)).toEqual([]);
  });

  it('a run that is wanted finds the job whose create went unanswered, and succeeds by it', async () => {
    await using cell = await startCell(ground, { connect });
    cell.faults.next('jobs.create', { kind: 'reset_after' });
    const { id } = await cell.create();
    {
      await using _work = cell.work();
      await cell.comesToRest();
      const [job, ...more] = jobsOf(cell, id);
      expect(more).toEqual([]);
      cell.sandbox.ledger.finishNow(job?.id ?? '', 'succeeded');
      await cell.comesToRest();
    }
    expect((await cell.settle()).state).toMatchObject({ status: 'succeeded', model_id: expect.any(String) });
    expect(jobsOf(cell, id)).toHaveLength(1);
  });
});
