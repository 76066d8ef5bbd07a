// A provider of which single operations go wrong once, with a moment for a user's act before, during or after it.
import type { Provider } from '../../../server/finetuning/provider.ts';
import type { Faults } from '../../provider/faults.ts';
import { aroundProvider } from '../around-provider.ts';
import type { Engine } from '../engine.ts';
import type { ForgetfulLedger } from '../forgetful/ledger.ts';
import { type Asked, type Breakage, operations } from './breakage.ts';

export type Broken = { operation: Asked; breakage: Breakage };
export type Moment = 'before' | 'during' | 'after';

type Options<B extends Broken> = {
  faults: Faults;
  engine: Pick<Engine, 'at'>;
  /** What comes back as it was, where the engine can forget. */
  forgetful: ForgetfulLedger | null;
  /** A provider that never answers. */
  deaf: Provider;
  /** Each goes wrong once, in this order where an operation is named twice. */
  broken: readonly B[];
  /** Awaited at each moment of each request that goes wrong. */
  act: (moment: Moment, one: B) => Promise<void>;
};

export function breakOperations<B extends Broken>(
  provider: Provider,
  { faults, engine, forgetful, deaf, broken, act }: Options<B>,
) {
  const left = [...broken];
  let answered = 0;

  async function goWrong<T>(one: B, ask: (provider: Provider) => Promise<T>): Promise<T> {
    const { operation, breakage } = one;
    const at = operations[operation];
    if ('elsewhere' in breakage) {
      const asking = ask(breakage.elsewhere === 'nobody answers' ? deaf : engine.at(breakage.elsewhere));
      await act('during', one);
      return asking;
    }
    if ('forgets' in breakage) {
      const answer = await ask(provider);
      await act('during', one);
      forgetful?.comeBack(breakage.forgets);
      if (breakage.given_away) forgetful?.intrude();
      return answer;
    }
    if ('executed_late' in breakage) {
      const held = faults.holdExecution(at);
      const asking = ask(provider);
      await held.reached;
      await act('during', one).finally(held.cut);
      const answer = await asking;
      if (breakage.executed_late === 'soon') held.release();
      return answer;
    }
    const gate = faults.hold(at, 'before');
    faults.next(at, breakage.fault);
    const asking = ask(provider);
    await gate.reached;
    await act('during', one).finally(gate.release);
    return asking;
  }

  const breaking = aroundProvider(provider, async (operation, ask) => {
    const index = left.findIndex((one) => one.operation === operation);
    const one = left[index];
    if (!one) return ask(provider);
    left.splice(index, 1);
    await act('before', one);
    const answer = await goWrong(one, ask);
    await act('after', one);
    answered += 1;
    return answer;
  });
  /** How many have not gone wrong yet, all of it. */
  return { provider: breaking, left: () => broken.length - answered };
}
