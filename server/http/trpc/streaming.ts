// The procedure that subscriptions are made of: what they give is passed on for as long as whoever opened them may read.
import type { z } from 'zod';
import { demand, unauthorized } from '../../finetuning/admission.ts';
import type { Scope } from '../../finetuning/principal.ts';
import { type Lasting, whileLetIn } from '../while-let-in.ts';
import { needing, translated } from './base.ts';
import { inputOf } from './input.ts';

/** What a subscription gives a reader that has all there is, and all there will be: it has ended before it began. */
export const NOTHING_MORE: AsyncGenerator<never, void> = (async function* () {})();

/** It is to end with `ctx.signal`. Its fields are called as those of a query over REST. */
export const streaming = <S extends z.ZodType>(schema: S, needed: Scope = 'read') =>
  needing('calls', needed)
    .use(async ({ ctx, signal, next }) => {
      const { organization_id } = ctx.principal;
      const lasting = whileLetIn(async () => {
        const principal = await ctx.askAgain();
        demand(principal, [needed]);
        if (principal.organization_id !== organization_id) throw unauthorized('It is of another organization now.');
      }, signal);
      const result = await next({ ctx: { signal: lasting.signal } });
      if (result.ok && isStream(result.data)) return { ...result, data: passedOn(result.data, lasting) };
      lasting[Symbol.dispose]();
      return result;
    })
    .input(inputOf(schema, 'query'));

const isStream = (data: unknown): data is AsyncIterable<unknown> =>
  typeof data === 'object' && data !== null && Symbol.asyncIterator in data && data !== NOTHING_MORE;

/** What a stream throws after its procedure has returned, no middleware sees. */
async function* passedOn<T>(stream: AsyncIterable<T>, lasting: Lasting): AsyncGenerator<T, void> {
  using _ = lasting;
  try {
    yield* stream;
  } catch (error) {
    throw translated(error);
  }
}
