// The REST API as the bench asks it where it does not measure how fast: JSON in, JSON out, and nothing but what is right.
import { z } from 'zod';
import { type NewRecord, recordsFrom } from './records.ts';

/** Of one call. */
const MOST_RECORDS = 50_000;

export const withId = z.object({ id: z.string() });

/** @throws Error with an answer that is not right */
export async function ask(url: string, method: 'GET' | 'POST', path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const said: unknown = await answer.json();
  if (answer.ok) return said;
  throw new Error(`${method} ${path} was answered ${answer.status}: ${JSON.stringify(said).slice(0, 500)}`);
}

export async function newConnection(url: string): Promise<string> {
  const connection = { alias: 'library', schema_sql: 'CREATE TABLE books (id integer, title text, written integer);' };
  return withId.parse(await ask(url, 'POST', '/database-connections', connection)).id;
}

/** As many bodies as it takes: they are made before it is measured. */
export function bodiesOf(count: number, db_connection_id: string): string[] {
  const bodies: string[] = [];
  for (let first = 0; first < count; first += MOST_RECORDS) {
    const records: NewRecord[] = recordsFrom(first, Math.min(MOST_RECORDS, count - first), db_connection_id);
    bodies.push(JSON.stringify(records));
  }
  return bodies;
}

export async function importAll(url: string, bodies: readonly string[]): Promise<void> {
  for (const body of bodies) await ask(url, 'POST', '/golden-sqls', body);
}
