// tRPC set up once: the context, the errors, the procedure all others are made of.
import { initTRPC, TRPCError } from '@trpc/server';
import type { z } from 'zod';
import { demand } from '../../finetuning/admission.ts';
import { cut } from '../../finetuning/cut.ts';
import { DomainError, type ErrorCode, errorCodes, type FieldError, isErrorCode } from '../../finetuning/errors.ts';
import type { Lane, Refusals } from '../../finetuning/limits.ts';
import type { Principal, Scope } from '../../finetuning/principal.ts';
import type { Service } from '../../finetuning/service.ts';
import { viewFinetuning } from '../../finetuning/view.ts';
import { ignoredIn, withWarnings } from '../fields/warnings.ts';
import { HEARTBEAT_MS } from '../heartbeat.ts';
import { inputOf } from './input.ts';

export type Context = {
  principal: Principal;
  /** Who it is now, by what the request has brought. */
  askAgain: () => Promise<Principal>;
  service: Service;
  /** Why calls of a lane are not served. */
  refusals: Refusals;
  /** How long a cancel may wait for proof where the caller does not say, in milliseconds. */
  cancel_wait_ms: number;
};

/** Words for people about a procedure: the client's types carry them into the editor. */
type Documented = {
  description: string;
  /** Of a subscription: one item; else what is answered, where no schema is asked to check it. */
  yields?: z.ZodType;
};

const t = initTRPC
  .context<Context>()
  .meta<Documented>()
  .create({
    sse: {
      ping: { enabled: true, intervalMs: HEARTBEAT_MS },
      client: { reconnectAfterInactivityMs: 4 * HEARTBEAT_MS },
    },
    errorFormatter({ shape, error }) {
      const domain = error.cause instanceof DomainError ? error.cause : null;
      const reason = domain?.code ?? reasonOf(error.code);
      const unexpected = error.code === 'INTERNAL_SERVER_ERROR' && !domain;
      return {
        ...shape,
        // An unexpected error's own words may tell of our inside.
        message: unexpected ? 'Internal Server Error' : told(error, domain),
        data: {
          ...shape.data,
          path: shape.data.path && cut(shape.data.path),
          stack: undefined,
          // Also of a request that tRPC itself cannot read, which it answers 400.
          httpStatus: reason === 'invalid' ? errorCodes.invalid.http : shape.data.httpStatus,
          /** Our own code, finer than tRPC's. */
          reason,
          fields: domain?.fields ?? unread(error),
          /** With `already_…`: the finetuning as it is, its receipt included. */
          finetuning: domain?.finetuning ? viewFinetuning(domain.finetuning) : null,
        },
      };
    },
  });

/** Words of tRPC's own repeat what was sent. */
const told = ({ message }: TRPCError, domain: DomainError | null): string => (domain ? message : cut(message, 200));

/** A request that tRPC itself cannot read has no field to name; of what is no JSON, REST says it in these words. */
function unread(error: TRPCError): FieldError[] {
  if (reasonOf(error.code) !== 'invalid') return [];
  const { cause } = error;
  const message = told(error, null);
  return cause instanceof SyntaxError
    ? [{ loc: ['body'], msg: `JSON decode error: ${message}`, type: 'json_invalid' }]
    : [{ loc: ['body'], msg: message, type: 'value_error' }];
}

/** Of an error that the domain did not name. */
function reasonOf(code: TRPCError['code']): ErrorCode {
  const known = Object.keys(errorCodes).filter(isErrorCode);
  return known.find((reason) => errorCodes[reason].trpc === code) ?? 'invalid';
}

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

const procedure = t.procedure.use(async ({ next }) => {
  const result = await next();
  if (!result.ok) throw translated(result.error);
  return result;
});

/** For those who may do all of this, and have not asked for too much: settled before what they send is looked at. */
export const needing = (lane: Lane, ...needed: readonly Scope[]) =>
  procedure.use(({ ctx, next }) => {
    const refusal = ctx.refusals.get(lane);
    if (refusal) throw refusal;
    demand(ctx.principal, needed);
    return next();
  });

/** A query, which reads: its fields are called as those of a query over REST. */
export const reading = <S extends z.ZodType>(schema: S, needed: Scope = 'read') =>
  needing('calls', needed).input(inputOf(schema, 'query'));

/** The same, for whoever is let in. */
export const readingAnything = <S extends z.ZodType>(schema: S) => needing('calls').input(inputOf(schema, 'query'));

/** A mutation that starts or changes something, and is refused for a field that its strict schema does not know. */
export const changing = <S extends z.ZodType>(schema: S, needed: Scope = 'run') =>
  needing('calls', needed).input(inputOf(schema, 'body'));

/** A cancel or a delete: carried out whatever else was sent, and the answer names what was ignored. */
export const stopping = <S extends z.ZodObject>(schema: S, ...needed: readonly Scope[]) =>
  needing('stops', ...needed)
    .use(async ({ next, getRawInput }) => {
      const result = await next();
      return result.ok
        ? { ...result, data: withWarnings(result.data, ignoredIn(schema, await getRawInput())) }
        : result;
    })
    .input(inputOf(schema, 'body'));

/** As tRPC has it, with the code of ours. */
export function translated(error: unknown): unknown {
  const cause = error instanceof TRPCError ? error.cause : error;
  if (!(cause instanceof DomainError)) return error;
  return new TRPCError({ code: errorCodes[cause.code].trpc, message: cause.message, cause });
}
