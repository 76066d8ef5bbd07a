// Golden records on the wire.
import { z } from 'zod';
import { dbConnectionId, goldenRecordId, metadata, pageQuery, shownMetadata, text, utcTime } from './fields.ts';

const notBlank = (what: string) => text(200_000).refine((value) => value.trim() !== '', `${what} must not be empty`);

const question = { description: 'The question.', example: 'How many books are overdue?' };
const answer = { description: 'The verified answer.', example: 'SELECT count(*) FROM loans WHERE due_on < now()' };

export const newGoldenRecord = z
  .strictObject({
    prompt_text: notBlank('prompt_text').meta(question),
    sql: notBlank('sql').meta(answer),
    db_connection_id: dbConnectionId,
    metadata: metadata.nullish(),
  })
  .meta({ id: 'NewGoldenRecord', description: 'A question and the SQL that is known to answer it.' });
export type NewGoldenRecord = z.infer<typeof newGoldenRecord>;

/** In one call; all are added or none. */
export const MOST_RECORDS = 50_000;
export const addInput = z.array(newGoldenRecord).min(1).max(MOST_RECORDS);

export const goldenRecord = z
  .object({
    id: goldenRecordId,
    prompt_text: z.string().meta(question),
    sql: z.string().meta(answer),
    db_connection_id: dbConnectionId,
    metadata: shownMetadata.nullable(),
    warnings: z
      .array(z.string().meta({ example: 'syntax error at or near "FORM"' }))
      .meta({ description: "What a parser of the connection's dialect could not read." }),
    created_at: utcTime,
    deleted_at: utcTime.nullable().meta({
      description: 'Since when it is hidden from new runs; null: it is not.',
      example: '2026-11-21T09:14:30.250Z',
    }),
  })
  .meta({ id: 'GoldenRecord', description: 'A verified question and SQL pair, which runs are trained on.' });

/** What an add answers for each record it was given. */
export const addedGoldenRecord = goldenRecord.and(
  z.object({
    duplicate: z.literal(true).optional().meta({
      example: true,
      description: 'The same question and SQL were there before, or earlier in this call: nothing was added.',
    }),
  }),
);

export const listQuery = pageQuery
  .extend({
    db_connection_id: dbConnectionId.optional().meta({ description: 'Only records of this database connection.' }),
    page: z.coerce.number().int().min(1).max(1_000_000_000).optional().meta({
      description:
        'Counted from 1, as published clients page. `after` is better: it never shifts as records come and go.',
      example: 1,
    }),
  })
  .refine(({ after, page }) => after === undefined || page === undefined, {
    path: ['page'],
    error: 'give either page or after, not both',
  });
