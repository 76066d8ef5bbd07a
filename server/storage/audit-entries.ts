// Writes what callers did to other things than runs: with the act itself, or not at all.
import { auditEntries } from '../../drizzle/audit-entries.ts';
import type { Act } from '../finetuning/audit.ts';
import { newId } from '../finetuning/object-id.ts';
import type { Database } from './database.ts';
import { slices } from './golden-record-rows.ts';

/** Of parameters a statement has some ten thousands. */
const AT_ONCE = 1000;

/** @param tx the transaction in which the act is done: what undoes the one undoes the other */
export async function writeActs(tx: Database, acts: readonly Act[]): Promise<void> {
  const rows = acts.map(({ about, ...act }) => ({ id: newId(), ...act, about_kind: about.kind, about_id: about.id }));
  for (const some of slices(rows, AT_ONCE)) await tx.insert(auditEntries).values(some);
}
