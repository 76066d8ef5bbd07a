// Time that runs out: counted in milliseconds, as long as one likes, and stopped when it is not needed any more.

/** What a platform's own timer can count; one that is given more ends at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** @throws TypeError where it is no length of time. */
export function milliseconds(given: number, name: string): number {
  if (typeof given === 'number' && given >= 0) return given;
  throw new TypeError(`${name} must be a number of milliseconds, such as 30000`);
}

/** @returns what stops it. More than the longest timer, 24 days, is never. */
export function after(ms: number, act: () => void): () => void {
  if (ms > LONGEST_TIMER_MS) return () => {};
  const timer = setTimeout(act, ms);
  return () => clearTimeout(timer);
}

export type Clock = {
  /** Aborted when the time is up, or with the signal that was given, whichever comes first. */
  readonly signal: AbortSignal;
  /** It was aborted by the time. */
  isUp(): boolean;
  stop(): void;
};

export function startClock(ms: number, given?: AbortSignal): Clock {
  const controller = new AbortController();
  let up = false;
  const giveUp = () => controller.abort(given?.reason);
  const stopTimer = after(ms, () => {
    up = !controller.signal.aborted;
    controller.abort(timeUp(ms));
  });
  if (given?.aborted) giveUp();
  else given?.addEventListener('abort', giveUp);
  return {
    signal: controller.signal,
    isUp: () => up,
    stop() {
      stopTimer();
      given?.removeEventListener('abort', giveUp);
    },
  };
}

export const timeUp = (ms: number): DOMException => new DOMException(`${ms / 1000} s are over`, 'TimeoutError');
