// Takes from a limiter of the library; what is refused is given back, so that asking in vain makes nobody wait longer.
import { type RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

export async function take(
  limiter: RateLimiterMemory,
  key: string,
  points: number,
): Promise<{ left: number; isOver: boolean }> {
  try {
    const { remainingPoints } = await limiter.consume(key, points);
    return { left: remainingPoints, isOver: false };
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    const { remainingPoints } = await limiter.reward(key, points);
    return { left: remainingPoints, isOver: true };
  }
}
