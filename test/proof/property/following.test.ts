// Whatever a provider's list shows, and whatever fails meanwhile: a stop is never put off, nor what a list shows as
// something else, and each run has its turn to be looked at alone.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Followed, HONEST, INTERVAL, type Plan, SECOND, shownAs } from '../../following/followed.ts';
import { atLevel, LONGEST_MS } from '../level.ts';
import { seedOf } from '../seed.ts';

const RUNS = atLevel({ small: 60, proof: 2000, deep: 20_000 });
const FEWEST = 11;
const MOST = 40;
/** Looked at one by one for each list, of so few. */
const IN_TURN = 10;
/** From one list to the next, in intervals: it spares looks for four of them, and what it has put off for as long again. */
const LONGEST_PERIOD = 6;
const LONGEST_TURN_MS = (Math.ceil(MOST / IN_TURN) + 2) * LONGEST_PERIOD * INTERVAL;

const plan: fc.Arbitrary<Plan> = fc.record({
  shows: fc.array(fc.constantFrom('as known', 'as known', 'as known', ...shownAs), { minLength: 1, maxLength: 7 }),
  page: fc.constantFrom(8, 20, 100),
  pause: fc.constantFrom(0, 0, 1, 4, 9, 15),
  breaks: fc.option(
    fc.record({
      after: fc.nat({ max: 2 }),
      how: fc.constantFrom('hangs' as const, 'fails' as const, 'throws' as const),
    }),
    { freq: 2 },
  ),
});

const index = fc.nat({ max: MOST });
const happening = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('list' as const), plan }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('stop' as const), index }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('news' as const), index, word: fc.constantFrom('a', 'b') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('held' as const), index }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('store' as const), fails: fc.constantFrom('before', 'after', 'due') }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('queue' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('few looks' as const) }) },
);
/** What goes on, and for how many seconds. */
const spell = fc.record({ happening, seconds: fc.integer({ min: 1, max: 25 }) });

async function live(world: Followed, { happening, seconds }: typeof spell extends fc.Arbitrary<infer T> ? T : never) {
  switch (happening.kind) {
    case 'list':
      world.plan = happening.plan;
      break;
    case 'stop':
      world.stop(world.row(happening.index));
      break;
    case 'news':
      world.row(happening.index).word = happening.word;
      break;
    case 'held':
      world.held = world.row(happening.index).run.id;
      break;
    case 'store':
      world.storeFails = happening.fails;
      break;
    case 'queue':
      world.queueFails = true;
      break;
    case 'few looks':
      world.capacity = 1;
      break;
    default:
      return happening satisfies never;
  }
  await world.seconds(seconds);
  Object.assign(world, { storeFails: null, queueFails: false, held: null, capacity: MOST + 1 });
}

it('puts off no stop, and nothing of which a list shows something else, whatever fails', {
  timeout: LONGEST_MS,
}, async () => {
  const property = fc.asyncProperty(
    fc.integer({ min: FEWEST, max: MOST }),
    fc.array(spell, { maxLength: 20 }),
    async (runs, spells) => {
      const world = new Followed(runs);
      for (const one of spells) await live(world, one);
      expect(world.violations).toEqual([]);
    },
  );
  await fc.assert(property, { seed: seedOf('property'), numRuns: RUNS });
});

it('looks at each run alone in its turn, whatever the list shows', { timeout: LONGEST_MS }, async () => {
  const property = fc.asyncProperty(
    fc.integer({ min: FEWEST, max: MOST }),
    fc.array(plan, { minLength: 1, maxLength: 4 }),
    async (runs, plans) => {
      const world = new Followed(runs);
      for (let second = 0; second < (2 * LONGEST_TURN_MS) / SECOND; second++) {
        if (second % 40 === 0) world.plan = plans[(second / 40) % plans.length] ?? HONEST;
        await world.second();
        const longest = Math.max(...[...world.rows.values()].map(({ asked_at }) => world.now - asked_at));
        expect(longest).toBeLessThanOrEqual(LONGEST_TURN_MS);
      }
      expect(world.violations).toEqual([]);
    },
  );
  await fc.assert(property, { seed: seedOf('property'), numRuns: Math.ceil(RUNS / 6) });
});
