// A worker that is stopped between its committed call and the request, while another settles the call: when it goes on,
// its request comes far too late, and does no harm.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Call } from '../../../server/finetuning/lifecycle/state.ts';
import type { TrackedFinetuning } from '../../../server/finetuning/record.ts';
import { until } from '../../until.ts';
import { type Cell, startCell } from '../cell.ts';
import { type Children, prepareChildren } from '../crash/run-child.ts';
import { scenarios } from '../crash/scenarios.ts';
import { type Ground, layGround } from '../ground.ts';
import { atLevel, LONGEST_MS } from '../level.ts';
import { reportWhenPassed } from '../report.ts';
import { sideBySide } from '../side-by-side.ts';
import { Sometimes } from '../sometimes.ts';

const run = promisify(execFile);

/** Small, every other one of them rises. */
const ONE_IN = atLevel({ small: 2, proof: 1, deep: 1 });
const ROUNDS = atLevel({ small: 1, proof: 2, deep: 34 });
const AT_ONCE = 3;

type Zombie = {
  scenario: string;
  /** The request it is stopped before, and the call that it has committed by then. */
  stopBefore: string;
  kind: Call['kind'];
  /** What a user does while it is stopped. */
  meanwhile: 'cancel' | 'delete' | null;
  jobs: (row: TrackedFinetuning) => string[];
};

const CREATE = 'a run is created and submitted';
const zombies: Record<string, Zombie> = {
  'a create whose run is cancelled meanwhile': {
    scenario: CREATE,
    stopBefore: 'createJob',
    kind: 'create',
    meanwhile: 'cancel',
    jobs: () => [],
  },
  'a create whose run is submitted again meanwhile': {
    scenario: CREATE,
    stopBefore: 'createJob',
    kind: 'create',
    meanwhile: null,
    jobs: (row) => [`${row.state.job_id} attempt 2`],
  },
  'an upload whose run is submitted without it': {
    scenario: CREATE,
    stopBefore: 'uploadFile',
    kind: 'upload',
    meanwhile: null,
    jobs: (row) => [`${row.state.job_id} attempt 2`],
  },
  'an upload whose run is cancelled meanwhile': {
    scenario: CREATE,
    stopBefore: 'uploadFile',
    kind: 'upload',
    meanwhile: 'cancel',
    jobs: () => [],
  },
  'a cancel that another has done': {
    scenario: 'a training run is cancelled',
    stopBefore: 'cancelJob',
    kind: 'cancel',
    meanwhile: null,
    jobs: (row) => [`${row.state.job_id} attempt 1`],
  },
  'a removal of the file that another has done': {
    scenario: 'a training run is deleted',
    stopBefore: 'deleteFile',
    kind: 'delete_file',
    meanwhile: null,
    jobs: (row) => [`${row.state.job_id} attempt 1`],
  },
};

let ground: Ground;
let children: Children;
const resources = new AsyncDisposableStack();
beforeAll(async () => {
  ground = resources.use(await layGround());
  children = resources.use(await prepareChildren(ground));
});
afterAll(() => resources.disposeAsync());

describe('a worker that comes back from the dead does no harm:', () => {
  const seen = new Sometimes('late create refused by the fence');
  let done = 0;

  const risen = Object.entries(zombies).filter((_, index) => index % ONE_IN === 0);
  for (const [named, zombie] of risen) {
    it(named, { timeout: LONGEST_MS }, async () => {
      expect(await sideBySide(Array.from({ length: ROUNDS }), AT_ONCE, () => rise(named, zombie))).toEqual([]);
      done += ROUNDS;
    });
  }

  it('a create of one has been refused, because its file was gone', () => seen.expectEach());

  reportWhenPassed('zombies', () => ({ zombies: done, ...seen.counts }));

  async function rise(named: string, zombie: Zombie): Promise<void> {
    await using cell = await startCell(ground);
    await cell.keeping(`zombie, ${named}`, () => comesBack(cell, zombie));
  }

  async function comesBack(cell: Cell, { scenario, stopBefore, kind, meanwhile, jobs }: Zombie): Promise<void> {
    await scenarios[scenario]?.prepare(cell);
    cell.asks(scenarios[scenario]?.asks ?? 'run');
    const { child, ended } = await children.run(cell, { scenario, end: { stopBefore } });
    try {
      await until(() => isStopped(child.pid), 'the worker is stopped');
      // Asked again with the same key: the run that the stopped worker has made.
      if (!cell.hasFinetuning()) await cell.create();
      const held = (await cell.row()).calls.find((call) => call.kind === kind && call.state === 'open');
      if (!held) throw new Error(`no open ${kind}: write-ahead was not committed`);
      if (meanwhile) await cell.stop(meanwhile);
      {
        await using _ = cell.work();
        await until(async () => !isOpen(await cell.row(), held.id), 'another has settled its call');
      }
      child.kill('SIGCONT');
      expect(await ended).toBe('untouched');
    } finally {
      child.kill('SIGKILL');
    }
    const refused = cell.faults.createsRefused;
    const row = await cell.settle();
    if (refused > 0) seen.hit('late create refused by the fence');
    expect(jobsOf(cell, row)).toEqual(jobs(row));
  }
});

const isOpen = ({ calls }: TrackedFinetuning, id: string) =>
  calls.some((call) => call.id === id && call.state === 'open');

const jobsOf = ({ sandbox: { ledger } }: Cell, { id }: TrackedFinetuning) =>
  ledger.jobs().flatMap(({ id: job_id, metadata }) => {
    const isOwn = metadata?.['goldtune_finetuning'] === id;
    return isOwn ? [`${job_id} attempt ${metadata?.['goldtune_attempt']}`] : [];
  });

async function isStopped(pid: number | undefined): Promise<boolean> {
  const { stdout } = await run('ps', ['-o', 'stat=', '-p', String(pid)]);
  return stdout.startsWith('T');
}
