// Tells refusals of goldtune's from calls that have not reached it, in one place for every way to call.
import type { Operation, TRPCClientError, TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import type { Call } from './arrival.ts';
import { answeredByOther, mayPass, unreached } from './connection-error.ts';
import { isGoldtuneError } from './errors.ts';
import type { AppRouter } from './generated/router.ts';
import type { ClientOptions } from './options.ts';

type Fetch = NonNullable<ClientOptions['fetch']>;

/** A page of a proxy, say. */
class OtherAnswer extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`HTTP ${status}`);
    this.status = status;
  }
}

/** goldtune answers in JSON; what does not is told by its status before anybody tries to read it. */
export const expectingJson =
  (send: Fetch): Fetch =>
  async (input, init) => {
    const answer = await send(input, init);
    if (/\bjson\b/i.test(answer.headers.get('content-type') ?? '')) return answer;
    await answer.body?.cancel();
    throw new OtherAnswer(answer.status);
  };

/** By the context of a call, which all of its tries share. */
const failures = new WeakMap<object, TRPCClientError<AppRouter>>();

/** Why the last try of a call has failed, while it is tried again. */
export const lastFailureOf = ({ context }: Pick<Operation, 'context'>) => failures.get(context);

export const reaching =
  (address: string): TRPCLink<AppRouter> =>
  () =>
  ({ op, next }) =>
    observable((observer) =>
      next(op).subscribe({
        next: (envelope) => observer.next(envelope),
        error: (given) => {
          const error = isGoldtuneError(given) ? given : connectionError(address, given, op);
          failures.set(op.context, error);
          observer.error(error);
        },
        complete: () => observer.complete(),
      }),
    );

function connectionError(address: string, error: TRPCClientError<AppRouter>, call: Call): TRPCClientError<AppRouter> {
  const status = statusOf(error);
  if (status === null) return unreached(address, error.cause ?? error, call);
  // Of a stream only the status is known, which may be goldtune's own refusal.
  const mayBeRefusal = call.type === 'subscription' && !mayPass({ status });
  return mayBeRefusal ? error : answeredByOther(address, status, call);
}

function statusOf({ cause, meta }: TRPCClientError<AppRouter>): number | null {
  if (cause instanceof OtherAnswer) return cause.status;
  // What an EventSource fails with is an event.
  const status: unknown = Object(meta?.['response']).status ?? Object(cause).code;
  return typeof status === 'number' ? status : null;
}
