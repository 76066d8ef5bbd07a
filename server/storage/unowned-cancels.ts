// Calls of the janitor for jobs that no finetuning owns; they are the default organization's.
import { eq } from 'drizzle-orm';
import { providerCalls } from '../../drizzle/schema.ts';
import { DEFAULT_ORGANIZATION } from '../finetuning/record.ts';
import type { UnownedCancelStore } from '../finetuning/store.ts';
import type { Database } from './database.ts';

export const unownedCancelStore = (db: Database): UnownedCancelStore => ({
  async open({ id, job_id, now }) {
    const times = { opened_at: now, lease_until: now };
    await db.insert(providerCalls).values({
      id,
      organization_id: DEFAULT_ORGANIZATION,
      kind: 'cancel',
      state: 'open',
      attempt: 0,
      job_id,
      ...times,
    });
  },

  async answered({ id, state, detail, now }) {
    await db.update(providerCalls).set({ state, detail, replied_at: now }).where(eq(providerCalls.id, id));
  },
});
