// The window that limits are counted in: a minute of the clock that all processes share.
import type { Clock } from '../finetuning/dependencies.ts';

export const WINDOW_S = 60;

/** @returns which minute it is, and in how many seconds the next one begins: never 0 */
export function minuteOf(clock: Clock): { minute: number; reset_s: number } {
  const seconds = Date.parse(clock()) / 1000;
  const minute = Math.floor(seconds / WINDOW_S);
  return { minute, reset_s: Math.max(1, Math.ceil((minute + 1) * WINDOW_S - seconds)) };
}
