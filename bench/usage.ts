// What users ask for in a day, in short: a run is created, listed, read, followed and cancelled, again and again.
import { ask, bodiesOf, importAll, newConnection, withId } from './api.ts';

const CONNECTIONS = 8;
/** Of one round. */
const REQUESTS = 5;
const RECORDS = 17;

/** On a connection of its own. @throws Error where one of them is not answered as it should be */
export async function usage(url: string, requests: number): Promise<void> {
  const db_connection_id = await newConnection(url);
  await importAll(url, bodiesOf(RECORDS, db_connection_id));
  let left = Math.ceil(requests / REQUESTS);
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (left-- > 0) {
        const { id } = withId.parse(await ask(url, 'POST', '/finetunings', { db_connection_id }));
        await ask(url, 'GET', '/finetunings?limit=20');
        await ask(url, 'GET', `/finetunings/${id}`);
        await ask(url, 'GET', `/finetunings/${id}/events`);
        await ask(url, 'POST', `/finetunings/${id}/cancel`, {});
      }
    }),
  );
}
