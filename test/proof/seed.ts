// Chance that can be replayed: seeds, printed and given back by SEED, and what is drawn from them.
import { level } from './level.ts';

/** Given by SEED to replay a failure, otherwise new each time. Printed, so that a failure can be replayed. */
export function seedOf(suite: string, path = `test/proof/${suite}`): number {
  const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  const size = level === 'small' ? '' : `PROOF=${level} `;
  console.log(`${suite}: seed ${seed}; replay with: ${size}SEED=${seed} npx vitest run ${path}`);
  return seed;
}

export type Chance = { below(limit: number): number; pick<T>(from: readonly T[]): T };

/** A small deterministic source of chance (mulberry32), so that a seed replays. */
export function chance(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    pick(from) {
      const picked = from[below(from.length)];
      if (picked === undefined) throw new Error('nothing to pick from');
      return picked;
    },
  };
}
