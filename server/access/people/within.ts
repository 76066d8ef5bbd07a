// Waits no longer than so long: what was begun goes on, and nobody is signed in by it.
import { Unavailable } from '../../finetuning/unavailable.ts';

/** @throws Unavailable where it takes longer */
export async function within<T>(longest_ms: number, reason: string, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Unavailable(reason)), longest_ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
