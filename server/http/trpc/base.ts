// tRPC set up once: the context, the errors, the procedure all others are made of.
import { initTRPC, TRPCError } from '@trpc/server';
import { z } from 'zod';
import { DomainError, type ErrorCode, errorCodes, isErrorCode } from '../../finetuning/errors.ts';
import type { Service } from '../../finetuning/service.ts';
import { viewFinetuning } from '../../finetuning/view.ts';
import { fieldErrors } from '../field-errors.ts';
import { HEARTBEAT_MS } from '../heartbeat.ts';

export type Context = {
  service: Service;
  /** How long a cancel may wait for proof where the caller does not say, in milliseconds. */
  cancel_wait_ms: number;
};

/** Words for people about a procedure: the client's types carry them into the editor. */
type Documented = {
  description: string;
  /** Of a subscription: one item. */
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
      const unexpected = error.code === 'INTERNAL_SERVER_ERROR';
      return {
        ...shape,
        // An unexpected error's own words may tell of our inside, and a parser's are a list in JSON.
        message: unexpected ? 'Internal Server Error' : wording(error),
        data: {
          ...shape.data,
          stack: undefined,
          /** Our own code, finer than tRPC's. */
          reason: domain?.code ?? reasonOf(error.code),
          fields: domain?.fields ?? (error.cause instanceof z.ZodError ? fieldErrors(error.cause, []) : []),
          /** With `already_…`: the finetuning as it is, its receipt included. */
          finetuning: domain?.finetuning ? viewFinetuning(domain.finetuning) : null,
        },
      };
    },
  });

const wording = (error: TRPCError) =>
  error.cause instanceof z.ZodError
    ? error.cause.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`).join('; ')
    : error.message;

/** Of an error that the domain did not name. */
function reasonOf(code: TRPCError['code']): ErrorCode {
  const known = Object.keys(errorCodes).filter(isErrorCode);
  return known.find((reason) => errorCodes[reason].trpc === code) ?? 'invalid';
}

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

export const procedure = t.procedure.use(async ({ next }) => {
  const result = await next();
  if (!result.ok) throw translated(result.error);
  return result;
});

/** What a stream throws after its procedure has returned, no middleware sees. */
export async function* translatedStream<T>(stream: AsyncIterable<T>): AsyncGenerator<T, void> {
  try {
    yield* stream;
  } catch (error) {
    throw translated(error);
  }
}

function translated(error: unknown): unknown {
  const cause = error instanceof TRPCError ? error.cause : error;
  if (!(cause instanceof DomainError)) return error;
  return new TRPCError({ code: errorCodes[cause.code].trpc, message: cause.message, cause });
}
