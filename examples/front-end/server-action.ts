// A front end in production: a page calls functions of its own server (Next and others), which alone holds goldtune's key.
'use server';
import { createClient, GoldtuneTimeout, isGoldtuneError, type RouterOutputs } from '@goldtune/client';

/** What the page shows; in production, frameworks hide what an action throws. */
export type Stopped = { stopped: boolean; said: string };

const goldtune = () =>
  createClient({
    url: process.env['GOLDTUNE_URL'] ?? 'http://127.0.0.1:8080',
    apiKey: process.env['GOLDTUNE_API_KEY'] ?? '',
  });

// Whoever can load the page can call these: each begins with your sign-in, which says who it is and what he may do.

export async function listRuns(): Promise<RouterOutputs['finetunings']['list']> {
  return goldtune().finetunings.list.query({ limit: 50 });
}

export async function stopRun(id: string): Promise<Stopped> {
  try {
    const receipt = await goldtune().cancelAndWait(id, { timeout: 20_000, reason: 'stopped from the page of runs' });
    return { stopped: true, said: `it is proven that nothing runs: ${receipt.evidence}` };
  } catch (error) {
    if (error instanceof GoldtuneTimeout) {
      // Without the run, goldtune has not answered: nobody knows whether the cancel is stored.
      return { stopped: false, said: error.finetuning ? 'it is being stopped; look again' : error.message };
    }
    if (isGoldtuneError(error)) return { stopped: false, said: error.message };
    throw error;
  }
}
