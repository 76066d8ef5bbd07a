// Whether rows can be written, which is what a process has to be asked before it is sent requests.
import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_ORGANIZATION } from '../finetuning/record.ts';
import { tellingUnavailable } from './unavailable.ts';

/** A probe that waits longer than its asker learns nothing. */
export const LONGEST_PROBE_MS = 5000;

/**
 * Takes the lock that a change of the row would take, as far as it is free: a stand-by and a read-only session refuse it,
 * and it keeps no other statement waiting.
 */
const WRITE = `SELECT FROM organizations WHERE id = '${DEFAULT_ORGANIZATION}' FOR NO KEY UPDATE SKIP LOCKED`;

/** @throws DomainError `unavailable` where no row can be written now, or no answer comes in time. */
export const checkWritable = (query: (text: string) => Promise<unknown>): Promise<void> =>
  tellingUnavailable(async () => {
    const late = sleep(LONGEST_PROBE_MS, undefined, { ref: false }).then(() => {
      throw new Error('timeout exceeded: no answer to the probe');
    });
    await Promise.race([query(WRITE), late]);
  });
