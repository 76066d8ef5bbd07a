// Sends cancels of many runs as a script of a user does, so many at once.
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Connection, requestOf } from './http-load.ts';
import { idOf } from './rows.ts';

/** `respond-async`: each is acknowledged once it is stored. Null: each is waited for, as long as goldtune does by itself. */
type Wait = 'respond-async' | null;

/** Of one call. */
const IN_ONE_CALL = 100;
/** Such calls at a time: more than there are connections for stops. */
const CALLS_AT_ONCE = 10;

const acknowledged = z.object({
  result: z.object({
    data: z.array(
      z.object({
        id: z.string(),
        error: z.object({ reason: z.string(), message: z.string() }).nullable(),
        finetuning: z.object({ status: z.string() }).nullable(),
      }),
    ),
  }),
});

/** As the answer says it. */
const AGAIN_MS = 2000;

/** Of the first so many runs. @returns how long it took until all were acknowledged, and how many were proven by then */
export async function cancelMany(url: string, count: number, at_once: number, prefer: Wait) {
  const began = performance.now();
  let next = 0;
  let proven = 0;
  let asked_again = 0;
  /** Until it is acknowledged: what is answered 503 is to be asked again. */
  const cancel = async (connection: Connection, run: string): Promise<void> => {
    const request = requestOf('POST', `/api/v1/finetunings/${run}/cancel`);
    // The last line of a head that no body follows.
    const sent = prefer ? request.replace(/\r\n\r\n$/, `\r\nPrefer: ${prefer}\r\n\r\n`) : request;
    for (;;) {
      const { status, text } = await connection.ask(sent);
      if (status === 200) proven += 1;
      if (status === 200 || status === 202) return;
      if (status !== 503) throw new Error(`a cancel was answered ${status}: ${text.slice(0, 300)}`);
      asked_again += 1;
      await sleep(AGAIN_MS);
    }
  };
  await Promise.all(
    Array.from({ length: Math.min(at_once, count) }, async () => {
      const connection = new Connection(url);
      while (next < count) await cancel(connection, idOf(next++));
      connection.close();
    }),
  );
  return { acknowledged_ms: Math.round(performance.now() - began), proven, asked_again };
}

/** As `cancelMany` of the client does, a hundred in one call, each acknowledged once all of them are stored. */
export async function cancelTogether(url: string, count: number) {
  const began = performance.now();
  let next = 0;
  let proven = 0;
  let asked_again = 0;
  const cancel = async (connection: Connection, asked: readonly string[]): Promise<void> => {
    for (let ids = asked; ids.length > 0; ) {
      const { text } = await connection.ask(requestOf('POST', '/trpc/finetunings.cancelMany', { ids, wait_ms: 0 }));
      const { result } = acknowledged.parse(JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)));
      const refused = result.data.filter(({ error }) => error !== null);
      for (const { error } of refused) if (error?.reason !== 'unavailable') throw new Error(error?.message);
      proven += result.data.filter(({ finetuning }) => finetuning?.status === 'cancelled').length;
      ids = refused.map(({ id }) => id);
      asked_again += ids.length;
      if (ids.length > 0) await sleep(AGAIN_MS);
    }
  };
  await Promise.all(
    Array.from({ length: CALLS_AT_ONCE }, async () => {
      const connection = new Connection(url);
      while (next < count) {
        await cancel(
          connection,
          Array.from({ length: Math.min(IN_ONE_CALL, count - next) }, () => idOf(next++)),
        );
      }
      connection.close();
    }),
  );
  return { acknowledged_ms: Math.round(performance.now() - began), proven, asked_again };
}

/** One call that means all of them, acknowledged once each has the wish. */
export async function cancelInBulk(url: string, count: number) {
  const began = performance.now();
  const response = await fetch(`${url}/api/v1/bulk-cancels`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ all: true }),
  });
  const made = z.object({ runs: z.literal(count), stored_at: z.string() }).parse(await response.json());
  if (response.status !== 201)
    throw new Error(`a bulk cancel was answered ${response.status}: ${JSON.stringify(made)}`);
  return { acknowledged_ms: Math.round(performance.now() - began), proven: 0, asked_again: 0 };
}
