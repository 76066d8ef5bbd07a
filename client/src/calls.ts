// How a procedure is called, in types that have names: a package built on this one can write them into its declarations.
import type { TRPCClient } from '@trpc/client';
import type { AppRouter, RouterInputs } from './generated/router.ts';

export interface CallOptions {
  /** Gives the call up. A mutation may have been executed all the same. */
  signal?: AbortSignal;
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
  subscribe(input: Input, handlers: Handlers<{ id: string; data: Item }> & CallOptions): { unsubscribe(): void };
  /** With tRPC 11.25 and newer. `watch` does the same with every version, and outlives its connections. */
  subscribe(input: Input, options?: CallOptions): AsyncIterableIterator<{ id: string; data: Item }>;
}
