// What is answered where nothing is left to show.
import { z } from 'zod';
import { warned } from '../fields/warnings.ts';

export const isDone = warned
  .extend({ status: z.literal(true).meta({ description: 'Always true.', example: true }) })
  .meta({ id: 'Done', description: 'It is done, or will be.' });

export const done = { summary: 'Done', value: { status: true } };
