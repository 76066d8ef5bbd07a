// The simulated installation led to what chance seldom meets: one way to each, by the names of requests and faults.
import type { Happening, OfSearch } from '../happenings.ts';
import type { Simulation } from './simulation.ts';

/** Far more than any of these takes. */
const MOST_MOVES = 200;
const REQUEST = 'create';

type Led = {
  lead: (world: Simulation) => Promise<void>;
  to: Exclude<Happening, 'lost notification saved by the sweep' | OfSearch>;
  /** At an engine that forgets; left out: at one that does not. */
  forgetful?: true;
};

/** Works on the run, one thing after the other, until this is what is pending. */
async function until(world: Simulation, label: string): Promise<void> {
  for (let moves = 0; moves < MOST_MOVES; moves++) {
    const [next] = world.schedule.pending;
    if (next?.label === label) return;
    await world.do(next ? { kind: 'move', at: 0 } : { kind: 'work', process: 0, run: 0 });
  }
  throw new Error(`no ${label} is pending`);
}

/** What is pending fails in the named way. */
async function fails(world: Simulation, named: string): Promise<void> {
  const way = Object.keys(world.schedule.pending[0]?.faults ?? {}).indexOf(named);
  if (way < 0) throw new Error(`what is pending does not fail like this: ${named}`);
  await world.do({ kind: 'fault', at: 0, way });
}

/** Its user cancels by the other process, and has his answer. */
async function cancelled(world: Simulation): Promise<void> {
  const before = world.schedule.pending.length;
  await world.do({ kind: 'cancel', process: 1, run: 0 });
  while (world.schedule.pending.length > before) await world.do({ kind: 'move', at: before });
}

export const led: Readonly<Record<string, Led>> = {
  'a create whose reply is lost': {
    to: 'adopted by tag',
    lead: async (world) => {
      await until(world, `reply to ${REQUEST}`);
      await fails(world, 'executed, the reply is lost');
    },
  },
  'a create that arrives after its run was cancelled': {
    to: 'late create refused by the fence',
    lead: async (world) => {
      await until(world, REQUEST);
      await fails(world, 'late, its sender gives up');
      await cancelled(world);
    },
  },
  'a create that is lost on its way, and its run cancelled': {
    to: 'absent after the fence',
    lead: async (world) => {
      await until(world, REQUEST);
      await fails(world, 'lost on its way');
      await cancelled(world);
    },
  },
  'a run that ends before it is cancelled': {
    to: 'too-late cancel',
    lead: async (world) => {
      await until(world, `reply to ${REQUEST}`);
      await world.do({ kind: 'move', at: 0 });
      await world.do({ kind: 'finish', job: 0, phase: 'succeeded' });
      await cancelled(world);
    },
  },
  'a reply that finds its row changed': {
    to: 'compare-and-set lost',
    lead: async (world) => {
      await until(world, REQUEST);
      await cancelled(world);
    },
  },
  'a held job that the engine comes back without': {
    to: 'forgotten before it began',
    forgetful: true,
    lead: async (world) => {
      await until(world, 'release');
      await world.do({ kind: 'come back', to: 0 });
    },
  },
  'a release that the engine forgets': {
    to: 'released again',
    forgetful: true,
    lead: async (world) => {
      await until(world, 'reply to release');
      await world.do({ kind: 'come back', to: 1 });
    },
  },
  'a job that somebody cancels at the engine': {
    to: 'end that waited for its fence',
    forgetful: true,
    lead: async (world) => {
      await until(world, 'reply to release');
      await world.do({ kind: 'finish', job: 0, phase: 'cancelled' });
    },
  },
  'a create that is executed twice': {
    to: 'duplicate stopped by the janitor',
    lead: async (world) => {
      await until(world, REQUEST);
      await fails(world, 'created twice');
    },
  },
};
