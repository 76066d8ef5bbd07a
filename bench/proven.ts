// Waits until as many runs are proven to be stopped, as the database says. What never comes ends the bench.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { z } from 'zod';

const counted = z.tuple([z.object({ wanted: z.coerce.number(), proven: z.coerce.number() })]);
const COUNT = `SELECT count(*) FILTER (WHERE intent = 'cancel') AS wanted,
  count(*) FILTER (WHERE status = 'cancelled' AND evidence = 'provider_cancelled') AS proven FROM finetunings`;

/** How many are wished to be stopped, and how many are proven to be. */
export async function stopsIn(client: Client) {
  const [row] = counted.parse((await client.query(COUNT)).rows);
  return row;
}

/** @returns how long it took from now, in milliseconds. @throws Error where it takes longer than that */
export async function allProven(client: Client, runs: number, longest_ms: number): Promise<number> {
  const began = performance.now();
  for (;;) {
    const { proven } = await stopsIn(client);
    const took = performance.now() - began;
    if (proven >= runs) return Math.round(took);
    if (took > longest_ms) throw new Error(`${proven} of ${runs} are proven after ${Math.round(took)} ms`);
    await sleep(100);
  }
}
