// Any order of users, work, crashes, ticks and faults: nothing false is ever said, and once healed, nothing is left.
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCRATCH } from '../../scratch.ts';
import { keeping } from '../evidence.ts';
import { toldBy, toldInHistory } from '../happenings.ts';
import { atLevel, LONGEST_MS } from '../level.ts';
import { progressOf } from '../progress.ts';
import { reportWhenPassed } from '../report.ts';
import { seedOf } from '../seed.ts';
import { Sometimes } from '../sometimes.ts';
import { led } from './led.ts';
import { type Command, Simulation } from './simulation.ts';

const RUNS = atLevel({ small: 200, proof: 10_000, deep: 200_000 });
const FEWEST_FAULTS = 5 * RUNS;
const MOST_COMMANDS = atLevel({ small: 100, proof: 100, deep: 120 });
/** Shrinking a failure takes as long as it likes, but for this: what was found by then is told. */
const LONGEST_SHRINKING_MS = 300_000;

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
  { weight: 1, arbitrary: fc.record({ ...of('cancel all'), process: small }) },
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

/** What an engine does that forgets. */
const forgetting: fc.Arbitrary<Command> = fc.oneof(
  { weight: 30, arbitrary: command },
  { weight: 4, arbitrary: fc.record(of('begin')) },
  { weight: 2, arbitrary: fc.record({ ...of('come back'), to: any }) },
  { weight: 1, arbitrary: fc.record(of('intrude')) },
);
const engines = [
  { named: 'in whatever order', forgetful: false, commands: command, share: 1 },
  { named: 'also at an engine that forgets', forgetful: true, commands: forgetting, share: 0.5 },
];

describe('a simulated installation', () => {
  const seen = new Sometimes(
    'adopted by tag',
    'absent after the fence',
    'late create refused by the fence',
    'too-late cancel',
    'compare-and-set lost',
    'released again',
    'forgotten before it began',
    'end that waited for its fence',
    'duplicate stopped by the janitor',
  );
  let faults = 0;
  let runs = 0;
  let last: Simulation | null = null;
  let files: string;
  const before = process.env['TMPDIR'];

  // Training files of processes that crash are never removed; here they go with their directory.
  beforeAll(async () => {
    files = await mkdtemp(join(SCRATCH, 'goldtune-property-'));
    process.env['TMPDIR'] = files;
  });
  afterAll(async () => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    await rm(files, { recursive: true, force: true });
  });
  reportWhenPassed('property', () => ({ runs, faults, ...seen.counts }));

  // What is left of the last one that was tried: of one that failed and was shrunk, the smallest.
  const keepingLast = (check: () => Promise<void>) => keeping('property', () => last?.evidence(), check);

  for (const [named, { lead, to, forgetful }] of Object.entries(led)) {
    it(`keeps every promise to ${named}: ${to}`, async () => {
      const before = seen.counts[to];
      await keepingLast(() => lives(forgetful ?? false, lead));
      expect(seen.counts[to]).toBe(before + 1);
    });
  }

  it.each(engines)('keeps every promise, whatever happens, $named', { timeout: LONGEST_MS }, async (engine) => {
    const seed = seedOf('property');
    const step = progressOf('property', RUNS, 'runs');
    let shrinking_ends = Number.POSITIVE_INFINITY;
    const property = fc.asyncProperty(
      fc.array(engine.commands, { minLength: 40, maxLength: MOST_COMMANDS }),
      async (commands) => {
        fc.pre(performance.now() < shrinking_ends);
        try {
          await lives(engine.forgetful, async (world) => {
            for (const one of commands) {
              await world.do(one);
              expect(world.violations(), `after ${JSON.stringify(one)}`).toEqual([]);
            }
          });
        } catch (error) {
          shrinking_ends = Math.min(shrinking_ends, performance.now() + LONGEST_SHRINKING_MS);
          throw error;
        }
        runs += 1;
        step();
      },
    );
    await keepingLast(() => fc.assert(property, { seed, numRuns: RUNS * engine.share }));
  });

  it('has met what it is for', () => {
    expect(faults).toBeGreaterThanOrEqual(FEWEST_FAULTS);
    seen.expectEach();
  });

  /** One run is created, and lives as it is led; then all faults end. */
  async function lives(forgetful: boolean, lead: (world: Simulation) => Promise<void>): Promise<void> {
    const world = new Simulation(2, forgetful);
    last = world;
    await world.do({ kind: 'create', process: 0, key: 0 });
    await world.do({ kind: 'move', at: 0 });
    await world.do({ kind: 'move', at: 0 });
    await lead(world);
    expect(world.violations()).toEqual([]);
    const duplicates = world.duplicates.filter((job) => job.phase === 'active');
    expect(await world.settle()).toEqual([]);
    // What was said is true whatever such an engine comes back to, also when all is over.
    if (forgetful) await world.do({ kind: 'come back', to: world.faults });
    expect(await world.settle()).toEqual([]);
    expect(world.duplicates.filter((job) => job.phase === 'active')).toEqual([]);
    faults += world.faults;
    note(world, duplicates.length > 0);
  }

  function note(world: Simulation, hadDuplicates: boolean): void {
    if (hadDuplicates) seen.hit('duplicate stopped by the janitor');
    if (world.tables.lostWrites > 0) seen.hit('compare-and-set lost');
    if (world.provider.lateCreatesRefused > 0) seen.hit('late create refused by the fence');
    for (const row of world.rows) seen.hit(...toldBy(row), ...toldInHistory(world.tables.history.get(row.id) ?? []));
  }
});
