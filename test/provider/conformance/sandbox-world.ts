// The sandbox as a world of the suite: its jobs stand still but for what a test makes of them.
import type { Provider } from '../../../server/finetuning/provider.ts';
import type { LedgerJob as SandboxJob } from '../../../server/provider/sandbox/entries.ts';
import { type Operation, type Sandbox, startSandbox } from '../../../server/provider/sandbox/server.ts';
import { momentOf } from '../../../server/provider/sandbox/timeline.ts';
import { Faults } from '../faults.ts';
import { PATIENCE_MS } from './request.ts';
import type { Mutation, StartingState, World } from './world.ts';

export const SANDBOX_STATES = ['validating_files', 'queued', 'running'] as const;

const operations: Record<Mutation, Operation | null> = {
  uploadFile: 'files.create',
  createJob: 'jobs.create',
  releaseJob: null,
  cancelJob: 'jobs.cancel',
  deleteFile: 'files.delete',
};

/** @param connect opens the provider, by way of whatever stands before the sandbox */
export async function sandboxWorld(
  model: string,
  connect: (sandbox: Sandbox, resources: AsyncDisposableStack) => Promise<Provider> | Provider,
): Promise<World & { sandbox: Sandbox; faults: Faults }> {
  const resources = new AsyncDisposableStack();
  let now = Date.now();
  const faults = resources.use(new Faults());
  const options = { ledgerPath: ':memory:', now: () => now, intercept: faults.intercept };
  const sandbox = resources.use(await startSandbox(options));
  const provider = await connect(sandbox, resources);

  const entry = (id: string) => {
    const found = sandbox.ledger.job(id);
    if (!found) throw new Error(`the sandbox has no job ${id}`);
    return found;
  };
  return {
    provider,
    model,
    sandbox,
    faults,
    async reach({ id }, state) {
      const { timeline } = entry(id).course;
      now = Math.max(now, beginOf(state, timeline));
    },
    async finish({ id }, ending) {
      now = Math.max(now, entry(id).course.timeline.started_at);
      sandbox.ledger.finishNow(id, ending);
    },
    jobs: async () => sandbox.ledger.allJobs().map((job) => judged(job, now)),
    files: async () => sandbox.ledger.allFiles().map(({ id }) => id),
    async lose(mutation, what) {
      const operation = operations[mutation];
      if (operation === null) return false;
      faults.next(operation, { kind: what === 'request' ? 'reset_before' : 'reset_after' });
      return true;
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

export const CONNECTION = { timeoutMs: PATIENCE_MS, ledger: 'conformance', models: [] };

function beginOf(
  state: StartingState,
  { created_at, validated_at, started_at, step_ms }: SandboxJob['course']['timeline'],
) {
  switch (state) {
    case 'validating_files':
      return created_at;
    case 'queued':
      return validated_at;
    case 'running':
      return started_at + step_ms;
    case 'held':
      throw new Error('the sandbox holds no jobs');
    default:
      return state satisfies never;
  }
}

function judged(job: SandboxJob, now: number) {
  const { finished_at, step } = momentOf(job.course, now);
  return { id: job.id, isOver: finished_at !== null, hasTrained: step > 0 };
}
