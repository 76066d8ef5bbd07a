// Requests of several kinds, one at a time and in turns: what each takes where nothing else is asked.
import { type Spread, spreadOf, timesOf } from './figures.ts';
import { type Contender, onConnections } from './interleaved.ts';

/** @returns of each, in order, its median in milliseconds, of all rounds. @throws Error with an answer that is not right */
export async function alone(contenders: readonly Contender[], rounds: number, each: number): Promise<Spread[]> {
  const ask = (contender: Contender) => {
    let left = each;
    return onConnections(contender, 1, () => left-- > 0);
  };
  for (const contender of contenders) await ask(contender);
  const medians: number[][] = contenders.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const at of contenders.keys()) {
      const index = (at + round) % contenders.length;
      const contender = contenders[index];
      if (contender) medians[index]?.push(timesOf(await ask(contender)).p50);
    }
  }
  return medians.map(spreadOf);
}
