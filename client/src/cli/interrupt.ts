// Ctrl-C while something is watched or waited for.
import { Interrupted } from './failure.ts';

/**
 * The first Ctrl-C aborts the signal, a second one ends the process.
 * @throws Interrupted with the message after the first.
 */
export async function untilInterrupted<T>(message: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.once('SIGINT', stop);
  try {
    return await work(controller.signal);
  } catch (error) {
    throw controller.signal.aborted ? new Interrupted(message) : error;
  } finally {
    process.off('SIGINT', stop);
  }
}
