// How much somebody may ask for: what transports ask of whoever counts, and the words of a refusal.
import { DomainError } from './errors.ts';
import type { Principal } from './principal.ts';

/** Stops are cancels and deletes: nobody is kept from one by whatever else they have asked for. */
export type Lane = 'calls' | 'stops';

export type Standing = {
  /** What the limit is called. */
  policy: Lane | 'guesses' | 'streams';
  most: number;
  left: number;
  /** Of what the limit is, in seconds; null: of what is open at once. */
  window_s: number | null;
  /** When to come back, in seconds. */
  reset_s: number;
};

export type Limits = {
  /**
   * Counts what is asked for; what is refused is not counted.
   * @returns null where there is no limit
   */
  take(principal: Principal, lane: Lane, calls: number): Promise<{ standing: Standing; isOver: boolean } | null>;
};

export class RateLimited extends DomainError {
  readonly standing: Standing;

  constructor(message: string, standing: Standing) {
    super('rate_limited', message);
    this.standing = standing;
  }
}

export type Refusals = ReadonlyMap<Lane, RateLimited>;

const words: Record<Lane, { may: string; besides: string }> = {
  calls: { may: 'make', besides: 'calls a minute' },
  stops: { may: 'send', besides: 'cancels and deletes a minute' },
};

export function tooMany({ name }: Pick<Principal, 'name'>, lane: Lane, standing: Standing): RateLimited {
  const { may, besides } = words[lane];
  const others = lane === 'calls' ? ' Cancels and deletes have a limit of their own.' : '';
  const has = `has ${inWords(standing.left)} left; there are more in ${standing.reset_s} s`;
  return new RateLimited(`"${name}" may ${may} ${inWords(standing.most)} ${besides}, and ${has}.${others}`, standing);
}

/** Nobody knows when one of them is closed. */
const STREAMS_AGAIN_S = 5;

export function tooManyStreams({ name }: Pick<Principal, 'name'>, most: number): RateLimited {
  const standing = { policy: 'streams', most, left: 0, window_s: null, reset_s: STREAMS_AGAIN_S } as const;
  const has = `"${name}" may have ${inWords(most)} ${most === 1 ? 'stream' : 'streams'} of events open at once, and has`;
  const instead = `close one and come back in ${STREAMS_AGAIN_S} s, or ask for the events without a stream`;
  return new RateLimited(`${has} as many; ${instead}.`, standing);
}

export const tooManyGuesses = (standing: Standing): RateLimited =>
  new RateLimited(
    `From this address came ${inWords(standing.most)} wrong API keys within a minute; others are looked up again in ${standing.reset_s} s.`,
    standing,
  );

export const tooManySignIns = (standing: Standing): RateLimited =>
  new RateLimited(
    `Signing in has failed ${inWords(standing.most)} times within a minute; try again in ${standing.reset_s} s.`,
    standing,
  );

const inWords = (count: number) => count.toLocaleString('en-US');
