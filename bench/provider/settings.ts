// What the provider can be told, and what it tells.
import { z } from 'zod';

export const settingsSchema = z.object({
  /** Before each answer. */
  delay_ms: z.number().optional(),
  /** Nothing is answered any more. */
  silent: z.boolean().optional(),
  /** It has so many, those of the first runs, and tells from now on how seldom one was seen. */
  jobs: z.number().optional(),
});
export type Settings = z.infer<typeof settingsSchema>;

export const figuresSchema = z.object({
  requests: z.number(),
  most_in_flight: z.number(),
  cancelled: z.number(),
  /** Between two sights of one job. */
  longest_gap_ms: z.number(),
});
export type ProviderFigures = z.infer<typeof figuresSchema>;
