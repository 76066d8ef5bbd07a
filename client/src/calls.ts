// How a procedure is called, in types that have names: a package built on this one can write them into its declarations.
import type { TRPCClient } from '@trpc/client';
import type { AppRouter, RouterInputs } from './generated/router.ts';

export interface CallOptions {
  /** Gives the call up, which rejects with the signal's reason. A mutation may have been executed all the same. */
  signal?: AbortSignal;
  /**
   * How long this call may take, in milliseconds: connecting, the whole answer and all tries together. Default: the
   * client's. Of a call that asks the server to wait (`wait_ms`), give more than that.
   *
   * Through an adapter of tRPC, which knows no such option, it is `context: { timeout: 5000 }`.
   */
  timeout?: number;
  /** For links of one's own. */
  context?: Record<string, unknown>;
}

type TrpcReply = ReturnType<TRPCClient<AppRouter>['finetunings']['get']['query']>;
/** What tRPC marks its promises with, so that they can be used where its own are asked for. */
type Mark = Pick<TrpcReply, Exclude<keyof TrpcReply, keyof Promise<unknown>>>;

/** A promise of what a procedure answers. */
export interface Reply<Output> extends Promise<Output>, Mark {}

/** What tRPC takes for an input that is left out, beside undefined. */
type LeftOut = Exclude<RouterInputs['finetunings']['list'], object | undefined>;
type Arguments<Input> = undefined extends Input
  ? [input?: Input | LeftOut, options?: CallOptions]
  : [input: Input, options?: CallOptions];

export interface Query<Input, Output> {
  query(...given: Arguments<Input>): Reply<Output>;
}

export interface Mutation<Input, Output> {
  mutate(...given: Arguments<Input>): Reply<Output>;
}

export interface ConnectionState {
  state: 'idle' | 'connecting' | 'pending';
  error: Error | null;
}

export interface Handlers<Item> {
  onStarted?(opened: { context: unknown }): void;
  onData?(item: Item): void;
  onError?(error: Error): void;
  /** It was unsubscribed. */
  onStopped?(): void;
  /** There is nothing more to come. */
  onComplete?(): void;
  onConnectionStateChange?(state: ConnectionState): void;
}

export interface Subscription<Input, Item> {
  subscribe(
    input: Input,
    handlers: Handlers<{ id: string; data: Item }> & Omit<CallOptions, 'timeout'>,
  ): { unsubscribe(): void };
  /** With tRPC 11.25 and newer. `watch` does the same with every version, and outlives its connections. */
  subscribe(input: Input, options?: Omit<CallOptions, 'timeout'>): AsyncIterableIterator<{ id: string; data: Item }>;
}
