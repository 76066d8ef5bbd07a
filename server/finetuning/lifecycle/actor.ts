// Who caused an event, as it is kept with it: whose request it was, with which key, and from where. Nothing is decided by it.
import { z } from 'zod';

/** Local: whoever sits at this machine, where no key is asked for. */
export const callers = ['key', 'person', 'local'] as const;

export const actorSchema = z.object({
  who: z.enum(callers),
  /** Of the key or the person: two of one name differ in it. */
  id: z.string(),
  /** As it was then. */
  name: z.string(),
  /** The address that was connected; null: it was asked for in this process. */
  from: z.string().nullable(),
});
export type Actor = z.infer<typeof actorSchema>;
