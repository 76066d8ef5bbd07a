// Golden records on the wire.
import { z } from 'zod';
import { metadata, objectId, pageQuery, text, utcTime } from './fields.ts';

const notBlank = (what: string) =>
  text.max(200_000).refine((value) => value.trim() !== '', `${what} must not be empty`);

export const newGoldenRecord = z
  .object({
    prompt_text: notBlank('prompt_text').meta({ description: 'The question.', example: 'How many books are overdue?' }),
    sql: notBlank('sql').meta({
      description: 'The verified answer.',
      example: 'SELECT count(*) FROM loans WHERE due_on < now()',
    }),
    db_connection_id: objectId,
    metadata: metadata.nullish(),
  })
  .meta({ id: 'NewGoldenRecord' });
export type NewGoldenRecord = z.infer<typeof newGoldenRecord>;

/** Thousands in one call; all are added or none. */
export const addInput = z.array(newGoldenRecord).min(1, 'give at least one record').max(50_000);

export const goldenRecord = z
  .object({
    id: objectId,
    prompt_text: z.string(),
    sql: z.string(),
    db_connection_id: objectId,
    metadata: metadata.nullable(),
    warnings: z.array(z.string()).meta({ description: "What a parser of the connection's dialect could not read." }),
    created_at: utcTime,
  })
  .meta({ id: 'GoldenRecord' });

export const listQuery = pageQuery.extend({ db_connection_id: objectId.optional() });
