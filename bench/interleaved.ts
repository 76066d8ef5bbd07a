// Several ways to the same end, measured in turns within one run: what else the machine does meets all of them.
import { type Spread, spreadOf, type Times, timesOf } from './figures.ts';
import { type Answer, Connection } from './http-load.ts';

/** The first of several is what the others are measured against. */
export type Contender = {
  name: string;
  url: string;
  /** The next one, which was never sent before. */
  request: () => string;
  /** Whether it did what it was asked to. */
  isRight: (answer: Answer) => boolean;
};

export type Extent = {
  rounds: number;
  /** At once, of each contender for so long in each round. */
  connections: number;
  seconds: number;
  /** One after the other, in each round. */
  alone: number;
  /** Of each, in seconds, before the first round. */
  warm_up: number;
};

export type Measured = {
  name: string;
  /** Answers a second, of each round. */
  throughput: Spread;
  /** Under that load, of all rounds, in milliseconds. */
  loaded: Times;
  /** One at a time, of all rounds, in milliseconds. */
  alone: Times;
  /** As a part of what it is measured against, which has none. */
  ratio: { throughput: Spread; p99: Spread; alone: Spread } | null;
};

type Round = { throughput: number; loaded: number[]; alone: number[] };

/** @throws Error with an answer that is not right */
export async function interleaved(contenders: readonly Contender[], extent: Extent): Promise<Measured[]> {
  const rounds = new Map<Contender, Round[]>(contenders.map((contender) => [contender, []]));
  for (const contender of contenders) await warmUp(contender, extent);
  for (let round = 0; round < extent.rounds; round++) {
    // None is always the one that comes after a certain other.
    for (const index of contenders.keys()) {
      const contender = contenders[(index + round) % contenders.length];
      if (contender) rounds.get(contender)?.push(await measure(contender, extent));
    }
  }
  const [first] = rounds.values();
  return [...rounds].map(([{ name }, measured], index) => ({
    name,
    throughput: spreadOf(measured.map(({ throughput }) => throughput)),
    loaded: timesOf(measured.flatMap(({ loaded }) => loaded)),
    alone: timesOf(measured.flatMap(({ alone }) => alone)),
    ratio: index === 0 || !first ? null : ratiosOf(measured, first),
  }));
}

function ratiosOf(measured: readonly Round[], against: readonly Round[]) {
  const ratio = (figure: (round: Round) => number) =>
    spreadOf(
      measured.flatMap((round, index) => {
        const other = against[index];
        return other ? [figure(round) / figure(other)] : [];
      }),
    );
  return {
    throughput: ratio(({ throughput }) => throughput),
    p99: ratio(({ loaded }) => timesOf(loaded).p99),
    alone: ratio(({ alone }) => timesOf(alone).p50),
  };
}

async function measure(contender: Contender, { connections, seconds, alone }: Extent): Promise<Round> {
  const began = performance.now();
  const until = began + seconds * 1000;
  const loaded = await onConnections(contender, connections, () => performance.now() < until);
  const took = performance.now() - began;
  let left = alone;
  const one = await onConnections(contender, 1, () => left-- > 0);
  return { throughput: (loaded.length / took) * 1000, loaded, alone: one };
}

async function warmUp(contender: Contender, { connections, warm_up }: Extent): Promise<void> {
  const until = performance.now() + warm_up * 1000;
  await onConnections(contender, connections, () => performance.now() < until);
}

/** @returns how long each answer took */
export async function onConnections(contender: Contender, count: number, goesOn: () => boolean): Promise<number[]> {
  const times: number[] = [];
  await Promise.all(
    Array.from({ length: count }, async () => {
      const connection = new Connection(contender.url);
      try {
        while (goesOn()) {
          const request = contender.request();
          const asked = performance.now();
          const answer = await connection.ask(request);
          times.push(performance.now() - asked);
          if (!contender.isRight(answer)) {
            throw new Error(`${contender.name} answered ${answer.status}: ${answer.text.slice(0, 500)}`);
          }
        }
      } finally {
        connection.close();
      }
    }),
  );
  return times;
}
