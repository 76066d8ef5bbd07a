// The providers that are configured, told apart by the ledger that a run's jobs live in.
import type { Provider, Providers } from '../finetuning/provider.ts';
import { isOpenAi } from './openai/ledger.ts';

/** The first is where a run is created that names none. */
export const registryOf = (standard: Provider, others: readonly Provider[] = []): Providers => {
  const all = [standard, ...others];
  const [openAi = null, ...more] = all.filter(({ ledger }) => isOpenAi(ledger));
  return {
    all,
    standard,
    openAi: more.length === 0 ? openAi : null,
    of: (ledger) => all.find((provider) => provider.owns(ledger)) ?? null,
  };
};
