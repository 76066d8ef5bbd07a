// All that chance decides about one run, drawn before it begins: what fails, what its users do, and which process dies.
import type { Broken, Moment } from '../matrix/break-operations.ts';
import { type Asked, askedOfKeeping, breakages, forgettings, isDefiniteRefusal } from '../matrix/breakage.ts';
import type { Chance } from '../seed.ts';

type Stop = 'cancel' | 'delete';
/** A request that goes wrong, and what a user asks for at that moment. */
export type Mishap = Broken & { acts: Partial<Record<Moment, Stop>> };

export type Plan = {
  mishaps: readonly Mishap[];
  /** For each process the step at which it dies first; null: it lives. */
  deaths: readonly (number | null)[];
  /** Of each process: by how much its wall clock is ahead, and after how many looks at it that changes by how much. */
  clocks: readonly { ahead_ms: number; step_ms: number; after: number }[];
  /** The provider finishes the job once all is at rest. */
  finishes: boolean;
  /** What is asked for in the end. */
  last: Stop | null;
  /** At an engine that can forget; null: at one that cannot. */
  forgetful: {
    /** It has no room: what is released waits until all is at rest. */
    full: boolean;
    /** By how many writes it comes back once all is at rest. */
    back: number;
    /** Somebody cancels the job there, before that, and this is seen. */
    outside: boolean;
  } | null;
};

const PROCESSES = 2;
/** A process takes about as many steps from creation to rest. */
const STEPS = 40;
/** Each is many settle windows long. Backwards no more than a cell has time to catch up with. */
const AHEAD_MS = [0, 0, 86_400_000, 180_000, -20_000];
const STEP_MS = [0, 90_000, 86_400_000, -20_000];
const LOOKS_AT_CLOCK = 30;
const moments: readonly Moment[] = ['before', 'during', 'after'];
const stops = ['cancel', 'cancel', 'delete'] as const;
const asked = askedOfKeeping.filter((name) => name !== 'listJobs');
const all = Object.values(breakages);
const mutations: readonly Asked[] = ['createJob', 'getJob', 'releaseJob', 'cancelJob', 'deleteFile'];

/** One run in eight is steered to each of the two ends that chance alone seldom meets. */
export function drawPlan(chance: Chance): Plan {
  return chance.below(3) === 0 ? drawForgetting(chance) : drawKeeping(chance);
}

/** Of what goes wrong, every other time it is that the engine forgets. */
function drawForgetting(chance: Chance): Plan {
  const { below, pick } = chance;
  const plan = drawKeeping(chance);
  const mishaps = plan.mishaps.map((mishap): Mishap => {
    const forgets = { operation: pick(mutations), breakage: pick(Object.values(forgettings)) };
    return below(2) === 0 ? { ...mishap, ...forgets } : mishap;
  });
  const forgetful = { full: below(2) === 0, back: below(5), outside: below(6) === 0 };
  return { ...plan, mishaps, forgetful };
}

function drawKeeping({ below, pick }: Chance): Plan {
  const fate = below(8);
  const deaths = Array.from({ length: PROCESSES }, () => (below(2) === 0 ? 1 + below(STEPS) : null));
  const drawn = Array.from({ length: 2 + below(8) }, (): Mishap => {
    const operation = below(3) === 0 ? 'createJob' : pick(asked);
    const drawnActs = moments.flatMap((moment) => (below(5) === 0 ? [[moment, pick(stops)]] : []));
    return { operation, breakage: pick(all), acts: Object.fromEntries(drawnActs) };
  });
  const clocks = deaths.map(() => ({ ahead_ms: pick(AHEAD_MS), step_ms: pick(STEP_MS), after: below(LOOKS_AT_CLOCK) }));
  const finishes = below(6) === 0;
  const last = below(2) === 0 ? pick(stops) : null;
  if (fate === 0) {
    // A create that executes long after its run was stopped.
    const late: Mishap = {
      operation: 'createJob',
      breakage: { executed_late: pick(['soon', 'at rest'] as const) },
      acts: { during: pick(stops) },
    };
    const others = drawn.filter(({ operation }) => operation !== 'createJob' && operation !== 'uploadFile');
    return { mishaps: [late, ...others], deaths, clocks, finishes: false, last, forgetful: null };
  }
  if (fate === 1) {
    // A run that ends before anybody thinks of stopping it.
    const passing = drawn
      .filter(({ breakage }) => !isDefiniteRefusal(breakage))
      .map((mishap): Mishap => ({ ...mishap, acts: {} }));
    return { mishaps: passing, deaths, clocks, finishes: true, last: 'cancel', forgetful: null };
  }
  return { mishaps: drawn, deaths, clocks, finishes, last, forgetful: null };
}

const nobodyDies = {
  deaths: Array.from({ length: PROCESSES }, () => null),
  clocks: [],
  finishes: false,
  last: null,
  forgetful: null,
};
const forgetful = { full: false, back: 0, outside: false };

/** One for each of what must happen now and then, led to it by nothing but that. */
export const steered: Readonly<Record<string, Plan>> = {
  'rows, adopted by tag': {
    ...nobodyDies,
    mishaps: [{ operation: 'createJob', breakage: { fault: { kind: 'reset_after' } }, acts: {} }],
  },
  // The answer of the create finds a row that the cancel has changed meanwhile: a compare-and-set is lost, too.
  'rows, absent after the fence, and a late create refused by it': {
    ...nobodyDies,
    mishaps: [{ operation: 'createJob', breakage: { executed_late: 'at rest' }, acts: { during: 'cancel' } }],
  },
  'rows, a cancel of a job that does not show, at two processes whose clocks are far apart and step': {
    ...nobodyDies,
    clocks: [
      { ahead_ms: 86_400_000, step_ms: 86_400_000, after: 12 },
      { ahead_ms: -20_000, step_ms: 90_000, after: 8 },
    ],
    mishaps: [{ operation: 'createJob', breakage: { executed_late: 'soon' }, acts: { during: 'cancel' } }],
  },
  'rows, a cancel that is too late': { ...nobodyDies, mishaps: [], finishes: true, last: 'cancel' },
  'rows, a held job that the engine comes back without': {
    ...nobodyDies,
    mishaps: [{ operation: 'getJob', breakage: { forgets: 1, given_away: true }, acts: {} }],
    forgetful,
  },
  'rows, a release that the engine forgets': {
    ...nobodyDies,
    mishaps: [],
    // To before its release: it has not begun.
    forgetful: { ...forgetful, full: true, back: 1 },
  },
  'rows, a job that somebody cancels at the engine': {
    ...nobodyDies,
    mishaps: [],
    // The cancel is what it forgets: while the file is there, the job begins then.
    forgetful: { full: true, back: 1, outside: true },
  },
};
