// No more is served to anybody than their limits allow. What a batch may have of it, it gets: a stop in it is carried out.
import type { MiddlewareHandler } from 'hono';
import {
  type Lane,
  type Limits,
  type RateLimited,
  type Refusals,
  type Standing,
  tooMany,
} from '../finetuning/limits.ts';
import { callsIn } from './lanes.ts';
import { limitHeaders, refusedHeaders } from './limit-headers.ts';
import { refuse } from './refuse.ts';

declare module 'hono' {
  interface ContextVariableMap {
    /** For the calls of a request that are not served. */
    refusals: Refusals;
  }
}

/** @param limits of whom is let in, which stands before this */
export const limited =
  (limits: Limits): MiddlewareHandler =>
  async (c, next) => {
    const principal = c.get('principal');
    const standings: Standing[] = [];
    const refusals = new Map<Lane, RateLimited>();
    let isServed = false;
    for (const [lane, calls] of callsIn(c.req.raw)) {
      const taken = await limits.take(principal, lane, calls);
      if (taken) standings.push(taken.standing);
      if (taken?.isOver) refusals.set(lane, tooMany(principal, lane, taken.standing));
      else isServed = true;
    }
    const [refusal] = refusals.values();
    if (refusal && !isServed) {
      return refuse(c.req.raw, refusal.code, refusal.message, refusedHeaders(refusal.standing));
    }
    c.set('refusals', refusals);
    await next();
    // Beside what the answer says of a limit of its own.
    for (const standing of standings) {
      for (const [name, value] of Object.entries(limitHeaders(standing))) c.header(name, value, { append: true });
    }
    return undefined;
  };
