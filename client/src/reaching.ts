// Tells refusals of goldtune's from calls that have not reached it, in one place for every way to call.
import type { TRPCClientError, TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import type { Call } from './arrival.ts';
import { type Failure, GoldtuneConnectionError, mayPass, otherAnswer, unreached } from './connection-error.ts';
import { isGoldtuneError, isRateLimited, isTransient, showingOutcome } from './errors.ts';
import type { AppRouter } from './generated/router.ts';
import type { ClientOptions } from './options.ts';
import { type Tries, triesOf } from './tries.ts';

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

export const reaching =
  (address: string): TRPCLink<AppRouter> =>
  () =>
  ({ op, next }) =>
    observable((observer) => {
      const tries = triesOf(op);
      tries.underWay = true;
      return next(op).subscribe({
        next: (envelope) => observer.next(envelope),
        error: (given) => {
          const error = failureOf(address, given, op, tries);
          tries.underWay = false;
          tries.failure = error;
          observer.error(error);
        },
        complete: () => {
          tries.underWay = false;
          observer.complete();
        },
      });
    });

function failureOf(
  address: string,
  given: TRPCClientError<AppRouter>,
  call: Call,
  tries: Tries,
): TRPCClientError<AppRouter> {
  if (isGoldtuneError(given)) {
    // What it stored, it may have stored before it failed.
    tries.mayHaveArrived ||= isTransient(given) && !isRateLimited(given);
    return tries.mayHaveArrived ? showingOutcome(given, call) : given;
  }
  const failure = connectionFailure(address, given, call);
  if (!failure) return given;
  tries.mayHaveArrived ||= !failure.neverArrived;
  return new GoldtuneConnectionError({ ...failure, neverArrived: !tries.mayHaveArrived }, call);
}

/** Null: it may be a refusal. */
function connectionFailure(address: string, error: TRPCClientError<AppRouter>, call: Call): Failure | null {
  const status = statusOf(error);
  if (status === null) return unreached(address, error.cause ?? error);
  // Of a stream only the status is known, which may be goldtune's own refusal.
  const mayBeRefusal = call.type === 'subscription' && !mayPass({ status });
  return mayBeRefusal ? null : otherAnswer(address, status);
}

function statusOf({ cause, meta }: TRPCClientError<AppRouter>): number | null {
  if (cause instanceof OtherAnswer) return cause.status;
  // What an EventSource fails with is an event.
  const status: unknown = Object(meta?.['response']).status ?? Object(cause).code;
  return typeof status === 'number' ? status : null;
}
