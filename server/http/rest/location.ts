// Where a record that was just made can be found.
import { z } from 'zod';

export const locationHeader = z.object({
  Location: z
    .string()
    .meta({ description: 'The path of the new record.', example: '/api/v1/…/656777c9eb4e22533dc43fce' }),
});

export const locationOf = (base: string, { id }: { id: string }) => ({ location: `${base}/${id}` });
