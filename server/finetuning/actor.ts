// Who caused something, as it is kept with it: whose request it was, with which key, and from where.
import { z } from 'zod';
import { callers, type Principal } from './principal.ts';

export const actorSchema = z.object({
  who: z.enum(callers),
  /** Of the key or the person: two of one name differ in it. */
  id: z.string(),
  /** As it was then; keys and people are not renamed in what is kept. */
  name: z.string(),
  /** The address that was connected; null: it was asked for in this process. */
  from: z.string().nullable(),
});
export type Actor = z.infer<typeof actorSchema>;

export const actorOf = ({ who, id, name, from }: Principal): Actor => ({ who, id, name, from: from ?? null });
