// An id in a path, which is not held to the form of an id by its schema: one of another form is answered 404, not 422.
import { objectId } from '../../finetuning/contract/fields.ts';
import { notFound } from '../../finetuning/errors.ts';

/** @throws DomainError `not_found`: an id of another form cannot exist. */
export function knownForm(what: Parameters<typeof notFound>[0], id: string): string {
  if (!objectId.safeParse(id).success) throw notFound(what, id);
  return id;
}
