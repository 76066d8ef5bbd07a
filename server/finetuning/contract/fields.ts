// Fields that several requests and answers share. One set of schemas serves tRPC, REST and the OpenAPI document.
import { z } from 'zod';

/** Postgres cannot store it, and no question or query needs it. */
const withoutNul = (text: string) => !text.includes('\u0000');
export const text = z.string().refine(withoutNul, 'must not contain the NUL character (U+0000)');

export const objectId = z
  .string()
  .regex(/^[0-9a-f]{24}$/, 'must be an id of 24 lowercase hex digits')
  .meta({ description: 'Id of 24 lowercase hex digits, ordered by time.', example: '656777c9eb4e22533dc43fce' });

export const metadata = z
  .record(text, text)
  .meta({ description: 'Your own keys and values, both strings.', example: { team: 'analytics' } });

export const utcTime = z.iso.datetime().meta({ description: 'ISO 8601, UTC.', example: '2026-11-20T17:35:53.263Z' });

export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100).meta({ description: 'How many at most.' }),
  after: objectId.optional().meta({ description: 'The id the last page ended with; newest come first.' }),
});
