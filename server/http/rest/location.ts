// Where a record that was just made can be found.
import { z } from 'zod';

export const locationHeader = z.object({
  Location: z.string().meta({
    description: 'Where the new record is, relative to the path of the request.',
    example: 'finetunings/656777c9eb4e22533dc43fce',
  }),
});

/** Relative to the collection: under a path that a proxy adds, it leads there too. */
export const locationOf = (collection: string, { id }: { id: string }) => ({
  location: `${collection.split('/').at(-1)}/${id}`,
});
