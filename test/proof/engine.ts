// The engines that a proof runs at: one that keeps what it has acknowledged, and one that can forget it.
import type { Provider } from '../../server/finetuning/provider.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../server/provider/sandbox/server.ts';
import type { ForgetfulLedger } from './forgetful/ledger.ts';
import { forgetfulAt } from './forgetful/provider.ts';
import { startForgetful } from './forgetful/sandbox.ts';
import { providerAt } from './installation.ts';

export type Engine = {
  /** @returns `forgetful`: what makes it forget; null where it never does */
  start(
    options: Omit<SandboxOptions, 'ledgerPath'>,
  ): Promise<AsyncDisposable & { sandbox: Sandbox; forgetful: ForgetfulLedger | null }>;
  /** As our processes reach it. */
  at(url: string, options?: { timeoutMs?: number }): Provider;
};

export const keeping: Engine = {
  async start(options) {
    const sandbox = await startSandbox({ ...options, ledgerPath: ':memory:' });
    return { sandbox, forgetful: null, [Symbol.asyncDispose]: () => sandbox[Symbol.asyncDispose]() };
  },
  at: providerAt,
};

export const forgetting: Engine = {
  async start(options) {
    const sandbox = await startForgetful(options);
    return { sandbox, forgetful: sandbox.ledger, [Symbol.asyncDispose]: () => sandbox[Symbol.asyncDispose]() };
  },
  at: forgetfulAt,
};
