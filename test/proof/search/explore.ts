// Breadth-first search of all worlds that can be reached, and of the ends that each of them can still reach.
import { isTerminal } from '../../../server/finetuning/lifecycle/state.ts';
import { safetyViolations } from '../../oracle.ts';
import type { Move } from './change.ts';
import { keyOf } from './key.ts';
import { movesOf, type Seen } from './moves.ts';
import type { Protocol } from './protocol.ts';
import { type Budget, hasTrained, jobIndex, picture, start, type World } from './world.ts';

export type Exploration = {
  states: number;
  transitions: number;
  depth: number;
  /** The first violation met, with the shortest way to it. */
  violation: { what: string[]; way: string[] } | null;
  /** States from which no end can be reached any more, and a way to one of them. */
  stuck: { states: number; way: string[] };
};

type Options = {
  protocol: Protocol;
  budget: Budget;
  workers: number;
  seen: Seen;
  /** Violations that are not looked for, by invariant. */
  ignoring?: readonly string[];
};

/** Everything due is done, and nothing is left open. */
const isEnd = ({ run }: World) =>
  isTerminal(run.state.status) &&
  run.due_at === null &&
  (run.state.intent !== 'delete' || run.state.deleted_at !== null);

export function explore({ protocol, budget, workers, seen, ignoring = [] }: Options): Exploration {
  const whole = protocol.without === 'compare-and-set';
  const first = start(budget, workers, protocol.engine);
  const known = new Map<string, number>([[keyOf(first, whole), 0]]);
  const parents: number[] = [-1];
  const labels: string[] = ['start'];
  const ends: number[] = [];
  /** Moves that are bound to happen: from → to. With `finishing` those too in which the provider ends a job. */
  const bound = { from: [] as number[], to: [] as number[] };
  const finishing = { from: [] as number[], to: [] as number[] };
  const stopWanted: boolean[] = [false];
  let transitions = 0;
  let depth = 0;

  const wayTo = (state: number) => {
    const way: string[] = [];
    for (let at = state; at > 0; at = parents[at] ?? -1) way.unshift(labels[at] ?? '');
    return way;
  };
  const counts = (what: string) => !ignoring.some((invariant) => what.startsWith(`${invariant}:`));

  let frontier: { world: World; id: number }[] = [{ world: first, id: 0 }];
  while (frontier.length > 0) {
    const next: typeof frontier = [];
    for (const { world, id } of frontier) {
      if (isEnd(world)) ends.push(id);
      for (const move of movesOf(world, protocol, seen)) {
        transitions += 1;
        const key = keyOf(move.world, whole);
        const before = known.get(key);
        const to = before ?? known.size;
        if (before === undefined) {
          known.set(key, to);
          parents.push(id);
          labels.push(move.label);
          for (let lost = 0; lost < move.lost; lost++) seen.hit('compare-and-set lost');
          stopWanted.push(move.world.run.state.intent !== 'run');
          next.push({ world: move.world, id: to });
        }
        const what = violationsOf(move, before === undefined, budget).filter(counts);
        if (what.length > 0) {
          const way = [...wayTo(id), move.label];
          return { states: known.size, transitions, depth, violation: { what, way }, stuck: { states: 0, way: [] } };
        }
        const edges = move.kind === 'bound' ? bound : move.kind === 'finish' ? finishing : null;
        edges?.from.push(id);
        edges?.to.push(to);
      }
    }
    frontier = next;
    depth += 1;
  }

  // L1: a run that is to stop ends without the provider's help. L4: any other at least with it.
  const alone = reaching(known.size, ends, [bound]);
  const helped = reaching(known.size, ends, [bound, finishing]);
  const stuck: number[] = [];
  for (let id = 0; id < known.size; id++) if (!(stopWanted[id] ? alone : helped)[id]) stuck.push(id);
  return {
    states: known.size,
    transitions,
    depth,
    violation: null,
    stuck: { states: stuck.length, way: stuck[0] === undefined ? [] : wayTo(stuck[0]) },
  };
}

const violationsOf = (move: Move, isNew: boolean, given: Budget) => [
  ...(move.violations ?? []),
  ...(isNew
    ? [...safetyViolations(picture(move.world)), ...failedForNothing(move.world, given), ...twiceAtOnce(move.world)]
    : []),
];

/** A record that is begun again starts another process of the same job. */
const twiceAtOnce = ({ processes }: World) =>
  processes.filter(({ at }) => at === 'trains').length > 1 ? ['I1: two processes of the run train at once'] : [];

/** A run whose submission the provider has never refused by itself cannot have failed without a job that trained. */
function failedForNothing(world: World, given: Budget): string[] {
  const { state } = world.run;
  if (state.status !== 'failed') return [];
  if (state.job_id === null) return world.budget.refusal < given.refusal ? [] : ['I4: failed, and nothing was refused'];
  // Only the loss of its file fails a job here before it trains, and only we remove files.
  const job = world.jobs[jobIndex(state.job_id)];
  return job && !hasTrained(world, job) ? ['I4: failed by our own fence'] : [];
}

/** Which states reach one of the ends, walking the edges backwards. */
function reaching(states: number, ends: readonly number[], edges: { from: number[]; to: number[] }[]): Uint8Array {
  const reached = new Uint8Array(states);
  const starts = new Int32Array(states + 1);
  for (const { to } of edges) for (const at of to) starts[at + 1] = (starts[at + 1] ?? 0) + 1;
  for (let at = 0; at < states; at++) starts[at + 1] = (starts[at + 1] ?? 0) + (starts[at] ?? 0);
  const sources = new Int32Array(starts[states] ?? 0);
  const filled = starts.slice();
  for (const { from, to } of edges) {
    for (const [index, at] of to.entries()) {
      const place = filled[at] ?? 0;
      sources[place] = from[index] ?? 0;
      filled[at] = place + 1;
    }
  }
  const open = [...ends];
  for (const end of ends) reached[end] = 1;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (let place = starts[at] ?? 0; place < (starts[at + 1] ?? 0); place++) {
      const source = sources[place] ?? 0;
      if (reached[source] === 0) {
        reached[source] = 1;
        open.push(source);
      }
    }
  }
  return reached;
}
