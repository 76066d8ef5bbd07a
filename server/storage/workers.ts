// When a worker last showed itself: one row for all of them.
import { workerSigns } from '../../drizzle/schema.ts';
import type { WorkerStore } from '../finetuning/store.ts';
import type { Database } from './database.ts';

const PLACE = 1;

export const workerStore = (db: Database): WorkerStore => ({
  async seen(now) {
    await db
      .insert(workerSigns)
      .values({ place: PLACE, seen_at: now })
      .onConflictDoUpdate({ target: workerSigns.place, set: { seen_at: now } });
  },

  async lastSeen() {
    const [sign] = await db.select({ seen_at: workerSigns.seen_at }).from(workerSigns);
    return sign?.seen_at ?? null;
  },
});
