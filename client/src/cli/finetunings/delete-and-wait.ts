// A delete that is waited for: asked for again until goldtune has forgotten the run.
import { askUntilProven } from '../../ask-again.ts';
import { GoldtuneConnectionError } from '../../connection-error.ts';
import { GoldtuneTimeout, isGoldtuneError, isTransient } from '../../errors.ts';
import type { Session } from '../session.ts';

/**
 * @returns whether it is forgotten; false: the time is over, and the delete is stored and goes on.
 * @throws GoldtuneTimeout where goldtune has not answered in that time.
 */
export function deleteAndWait(
  { goldtune, address }: Pick<Session, 'goldtune' | 'address'>,
  id: string,
  { timeout, signal }: { timeout: number; signal: AbortSignal },
): Promise<boolean> {
  let stored = false;
  let mayBeStored = false;
  return askUntilProven<boolean>(
    {
      async ask(wait_ms, options) {
        try {
          const { forgotten } = await goldtune.finetunings.delete.mutate({ id, wait_ms }, options);
          stored = true;
          return forgotten || null;
        } catch (error) {
          // Asked for before, it may be forgotten by now: then its answer was lost, as in a restart.
          if ((stored || mayBeStored) && isGoldtuneError(error) && error.data.reason === 'not_found') return true;
          mayBeStored ||= isTransient(error) && mayHaveArrived(error);
          throw error;
        }
      },
      timeUp(cause) {
        if (stored) return false;
        throw new GoldtuneTimeout({ id, finetuning: null, address, wish: 'delete', cause });
      },
    },
    { timeout, signal },
  );
}

/** What goldtune could not finish, it may have stored. */
const mayHaveArrived = (error: Error): boolean => !(error instanceof GoldtuneConnectionError) || error.mayHaveArrived;
