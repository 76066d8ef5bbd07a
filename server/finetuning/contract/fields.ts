// Fields that several requests and answers share. One set of schemas serves tRPC, REST and the OpenAPI document.
import { z } from 'zod';
import { MOST_KEYS } from '../lifecycle/metadata.ts';

/**
 * Without what Postgres cannot store, or would store as something else; no question or query needs it.
 * @param most characters, counted as UTF-16 does.
 */
export const text = (most: number) =>
  z
    .string()
    .max(most)
    .refine((value) => !value.includes('\u0000'), 'must not contain the NUL character (U+0000); leave it out')
    .refine(
      (value) => value.isWellFormed(),
      'must not contain half of a surrogate pair (U+D800 to U+DFFF); send both halves, or leave it out',
    );

/** Null means left out: published clients send every field they have, those that were not set as null. */
export const withDefault = <T extends z.ZodType>(schema: T, standard: z.core.util.NoUndefined<z.output<T>>) =>
  schema
    .nullable()
    .default(standard)
    .transform((given) => given ?? standard);

const hexId = z.string().regex(/^[0-9a-f]{24}$/, 'must be an id of 24 lowercase hex digits');
const ID_FORM = '24 lowercase hex digits, ordered by time';

/** An id, of what the description says. */
export const idOf = (what: string, example: string) => hexId.meta({ description: `${what}: ${ID_FORM}.`, example });

export const objectId = idOf('Id', '656777c9eb4e22533dc43fce');
export const finetuningId = idOf('Id of the finetuning', '6579eb79eb4e22533dc43fe0');
export const goldenRecordId = idOf('Id of the golden record', '656777c9eb4e22533dc43fce');
export const dbConnectionId = idOf('Id of the database connection', '65676b2feb4e22533dc43fb1');

/** Of a path, or where a body repeats it: what has another form than the id is answered 404, not 422. */
export const givenId = (id: z.ZodType) => text(500).meta({ ...id.meta() });

/** Of a run's model, base or trained. */
export const modelName = text(200);

const keysAndValues = { description: 'Your own keys and values, both strings.', example: { team: 'analytics' } };

/** As the provider bounds its own. */
export const metadata = z
  .record(text(64), text(512))
  .superRefine((given, context) => {
    if (Object.keys(given).length <= MOST_KEYS) return;
    context.addIssue({ code: 'too_big', origin: 'object', maximum: MOST_KEYS, inclusive: true, input: given });
  })
  .meta({
    ...keysAndValues,
    maxProperties: MOST_KEYS,
    description: `${keysAndValues.description} At most ${MOST_KEYS}, names of 64 characters, values of 512.`,
  });

/** What is answered: whatever was stored, before there were bounds too. */
export const shownMetadata = z.record(z.string(), z.string()).meta(keysAndValues);

export const utcTime = z.iso.datetime().meta({ description: 'ISO 8601, UTC.', example: '2026-11-20T17:35:53.263Z' });

export const USUAL_PAGE = 100;
export const LARGEST_PAGE = 1000;

/** How a caller knows whether there is more. */
const PAGES_END =
  'A page holds about 1 MB, and ends before that many where they are large: only an empty page is the last.';

export const pageQuery = z.strictObject({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(LARGEST_PAGE)
    .default(USUAL_PAGE)
    .meta({ description: `How many at most. ${PAGES_END}`, example: USUAL_PAGE }),
  after: objectId.optional().meta({ description: 'The id the last page ended with; newest come first.' }),
});
