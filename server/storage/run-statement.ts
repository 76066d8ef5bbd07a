// A statement of ours in SQL, prepared at its first use on each connection: what is asked again and again is parsed once.
import { z } from 'zod';
import type { Database } from './open-database.ts';

export type Statement = {
  /** One for each text. */
  name: string;
  text: string;
};

const result = z.object({ rows: z.array(z.unknown()) });

/** @returns its rows. A time comes as text, JSON as what it holds. */
export async function runStatement(db: Database, { name, text }: Statement, params: unknown[]): Promise<unknown[]> {
  const prepared = db._.session.prepareQuery({ sql: text, params }, undefined, name, false);
  return result.parse(await prepared.execute()).rows;
}
