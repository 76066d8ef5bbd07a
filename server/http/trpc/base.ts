// tRPC set up once: the context, the errors, the procedure all others are made of.
import { initTRPC, TRPCError } from '@trpc/server';
import { DomainError, errorCodes } from '../../finetuning/errors.ts';
import type { Service } from '../../finetuning/service.ts';
import { viewFinetuning } from '../../finetuning/view.ts';

export type Context = {
  service: Service;
  /** How long a cancel may wait for proof where the caller does not say, in milliseconds. */
  cancel_wait_ms: number;
};

const t = initTRPC.context<Context>().create({
  errorFormatter({ shape, error }) {
    // An unexpected error's own words may tell of our inside; they go to the log only.
    if (error.code === 'INTERNAL_SERVER_ERROR') {
      return { ...shape, message: 'Internal Server Error', data: { ...shape.data, stack: undefined, ...noDetail } };
    }
    const domain = error.cause instanceof DomainError ? error.cause : null;
    return {
      ...shape,
      data: {
        ...shape.data,
        stack: undefined,
        /** Our own code, finer than tRPC's. */
        reason: domain?.code ?? null,
        fields: domain?.fields ?? [],
        /** With `already_…`: the finetuning as it is, its receipt included. */
        finetuning: domain?.finetuning ? viewFinetuning(domain.finetuning) : null,
      },
    };
  },
});

const noDetail = { reason: null, fields: [], finetuning: null };

export const router = t.router;
export const createCallerFactory = t.createCallerFactory;

export const procedure = t.procedure.use(async ({ next }) => {
  const result = await next();
  if (!result.ok && result.error.cause instanceof DomainError) {
    const { cause } = result.error;
    throw new TRPCError({ code: errorCodes[cause.code].trpc, message: cause.message, cause });
  }
  return result;
});
