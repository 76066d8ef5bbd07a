// Any order of users, work, crashes, ticks and faults: nothing false is ever said, and once healed, nothing is left.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keeping } from '../evidence.ts';
import { toldBy } from '../happenings.ts';
import { atLevel, LONGEST_MS } from '../level.ts';
import { progressOf } from '../progress.ts';
import { reportWhenPassed } from '../report.ts';
import { seedOf } from '../seed.ts';
import { Sometimes } from '../sometimes.ts';
import { type Command, Simulation } from './simulation.ts';

const RUNS = atLevel({ test: 2_000, deep: 200_000 });
const FEWEST_FAULTS = 5 * RUNS;
const MOST_COMMANDS = atLevel({ test: 100, deep: 120 });
/** Before the time is up, so that what was found by then is told. */
const SHRINKING_ENDS_MS = 20_000;

const small = fc.nat({ max: 7 });
const any = fc.nat({ max: 31 });
const of = <K extends Command['kind']>(kind: K) => ({ kind: fc.constant(kind) });
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 30, arbitrary: fc.record({ ...of('move'), at: any }) },
  { weight: 10, arbitrary: fc.record({ ...of('fault'), at: any, way: any }) },
  { weight: 2, arbitrary: fc.record({ ...of('deliver'), at: any, lost: fc.boolean() }) },
  { weight: 14, arbitrary: fc.record({ ...of('work'), process: small, run: small }) },
  { weight: 8, arbitrary: fc.record({ ...of('tick'), ms: fc.constantFrom(10, 1000, 5000, 20_000, 70_000) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      ...of('step'),
      process: small,
      ms: fc.constantFrom(90_000, 86_400_000, -90_000, -3_600_000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ ...of('create'), process: small, key: fc.nat({ max: 1 }) }) },
  { weight: 2, arbitrary: fc.record({ ...of('cancel'), process: small, run: small }) },
  { weight: 1, arbitrary: fc.record({ ...of('delete'), process: small, run: small }) },
  { weight: 1, arbitrary: fc.record({ ...of('get'), process: small, run: small }) },
  { weight: 2, arbitrary: fc.record({ ...of('crash'), process: small }) },
  { weight: 1, arbitrary: fc.record({ ...of('janitor'), process: small }) },
  {
    weight: 1,
    arbitrary: fc.record({
      ...of('finish'),
      job: small,
      phase: fc.constantFrom('succeeded' as const, 'failed' as const, 'cancelled' as const),
    }),
  },
);

describe('a simulated installation', () => {
  const seen = new Sometimes(
    'adopted by tag',
    'absent after the fence',
    'late create refused by the fence',
    'too-late cancel',
    'compare-and-set lost',
    'duplicate stopped by the janitor',
  );
  let faults = 0;
  let runs = 0;
  let last: Simulation | null = null;
  let files: string;
  const before = process.env['TMPDIR'];

  // Training files of processes that crash are never removed; here they go with their directory.
  beforeAll(async () => {
    files = await mkdtemp(join(tmpdir(), 'goldtune-property-'));
    process.env['TMPDIR'] = files;
  });
  afterAll(async () => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    await rm(files, { recursive: true, force: true });
  });
  reportWhenPassed('property', () => ({ runs, faults, ...seen.counts }));

  it('keeps every promise, whatever happens in whatever order', { timeout: LONGEST_MS }, async () => {
    const seed = seedOf('property');
    const step = progressOf('property', RUNS, 'runs');
    const property = fc.asyncProperty(
      fc.array(command, { minLength: 40, maxLength: MOST_COMMANDS }),
      async (commands) => {
        const world = new Simulation(2);
        last = world;
        await world.do({ kind: 'create', process: 0, key: 0 });
        await world.do({ kind: 'move', at: 0 });
        await world.do({ kind: 'move', at: 0 });
        for (const one of commands) {
          await world.do(one);
          expect(world.violations(), `after ${JSON.stringify(one)}`).toEqual([]);
        }
        const duplicates = world.duplicates.filter((job) => job.phase === 'active');
        expect(await world.settle()).toEqual([]);
        expect(world.duplicates.filter((job) => job.phase === 'active')).toEqual([]);
        runs += 1;
        step();
        faults += world.faults;
        note(world, duplicates.length > 0);
      },
    );
    const options = {
      seed,
      numRuns: RUNS,
      interruptAfterTimeLimit: LONGEST_MS - SHRINKING_ENDS_MS,
      markInterruptAsFailure: true,
    };
    // What is left of the last one that was tried, which failed and was shrunk as far as time allowed.
    await keeping(
      'property',
      () => last?.evidence(),
      () => fc.assert(property, options),
    );
    expect(faults).toBeGreaterThanOrEqual(FEWEST_FAULTS);
    seen.expectEach();
  });

  function note(world: Simulation, hadDuplicates: boolean): void {
    if (hadDuplicates) seen.hit('duplicate stopped by the janitor');
    if (world.tables.lostWrites > 0) seen.hit('compare-and-set lost');
    if (world.provider.lateCreatesRefused > 0) seen.hit('late create refused by the fence');
    for (const row of world.rows) seen.hit(...toldBy(row));
  }
});
