// Deleting a database connection: refused while something uses it, since a run or a record without one means nothing.
import type { Dependencies } from '../dependencies.ts';
import { DomainError, notFound } from '../errors.ts';
import { actorOf, type Principal } from '../principal.ts';
import { MOST_COUNTED } from '../store.ts';

/** @throws DomainError `not_found`; `in_use` while a finetuning or a golden record that is not deleted belongs to it. */
export async function deleteDbConnection(
  { store, clock }: Dependencies,
  principal: Principal,
  id: string,
): Promise<void> {
  const done = await store.dbConnections.delete(principal.organization_id, id, clock(), actorOf(principal));
  switch (done.kind) {
    case 'deleted':
      return;
    case 'unknown':
      throw notFound('Database connection', id);
    case 'in_use':
      throw inUse(id, done);
    default:
      done satisfies never;
  }
}

/** Says by how many, and what to do. */
export function inUse(id: string, users: { finetunings: number; golden_records: number }): DomainError {
  const counted = [counting(users.finetunings, 'finetuning'), counting(users.golden_records, 'golden record')];
  const by = counted.filter((part) => part !== null).join(' and ');
  return new DomainError(
    'in_use',
    `Database connection ${id} is used by ${by}, and was not deleted. Delete those first, then the connection.`,
  );
}

function counting(count: number, what: string): string | null {
  if (count === 0) return null;
  if (count > MOST_COUNTED) return `more than ${MOST_COUNTED.toLocaleString('en-US')} ${what}s`;
  return `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`;
}
