// The audit on the wire: what is asked for, an entry, and its id, which is its place in the list.
import { z } from 'zod';
import { type AuditPlace, actKinds, auditTypes } from '../audit.ts';
import { finetuningId, pageQuery, text, utcTime } from './fields.ts';
import { actor, LARGEST_EVENT_ID } from './finetunings.ts';

/** Milliseconds since 1970, the run or the entry itself, and the number of the run's event; each as hex digits of one length. */
const DIGITS = [12, 24, 8] as const;
const FIRST = Date.parse('0001-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');

export const auditIdOf = ({ created_at, of, version }: AuditPlace): string =>
  `${hex(Math.max(0, Date.parse(created_at)), DIGITS[0])}${of}${hex(version, DIGITS[2])}`;

export function auditPlaceOf(id: string): AuditPlace {
  const [at, of, version] = [id.slice(0, DIGITS[0]), id.slice(DIGITS[0], -DIGITS[2]), id.slice(-DIGITS[2])];
  return {
    created_at: new Date(Math.min(Number.parseInt(at, 16), LAST)).toISOString(),
    of,
    version: Math.min(Number.parseInt(version, 16), LARGEST_EVENT_ID),
  };
}

const auditId = z
  .string()
  .regex(/^[0-9a-f]{44}$/, 'must be the id of an entry, 44 lowercase hex digits')
  .meta({
    description: 'Id of the entry: 44 lowercase hex digits, ordered by time.',
    example: '01a1fa076daf6579eb79eb4e22533dc43fe000000001',
  });

/** Of any offset. A year that Postgres does not know is the nearest it does. */
const moment = z.iso
  .datetime({ offset: true, abort: true })
  .max(40)
  .transform((time) => new Date(Math.min(Math.max(Date.parse(time), FIRST), LAST)).toISOString());

const forTime = 'ISO 8601, with `Z` or an offset.';

export const auditQuery = z.strictObject({
  limit: pageQuery.shape.limit,
  after: auditId.optional().meta({ description: 'The id the last page ended with; newest come first.' }),
  finetuning_id: finetuningId
    .optional()
    .meta({ description: 'Only what was done to this finetuning, as its events tell it.' }),
  by: text(100).min(1).optional().meta({
    description: 'Only what was done by the key or the person of this id.',
    example: '656a1c10eb4e22533dc44001',
  }),
  type: z.enum(auditTypes).optional().meta({ description: 'Only what is of this type.', example: 'cancel_requested' }),
  since: moment.optional().meta({ description: `Only what was done then or later; ${forTime}` }),
  until: moment.optional().meta({ description: `Only what was done before then; ${forTime}` }),
});

export const auditEntry = z
  .object({
    id: auditId.meta({ description: 'Its place in the list; pass it as `after`.' }),
    created_at: utcTime,
    type: z.string().meta({ description: 'What was done, in one word for programs.', example: 'cancel_requested' }),
    message: z.string().meta({ description: 'The same for people.', example: 'Cancellation requested.' }),
    by: actor.nullable().meta({ description: 'Who did it. Null: what is stored of it cannot be read.' }),
    about: z
      .object({
        kind: z.string().meta({
          description: `What it was done to: \`finetuning\`, ${actKinds.map((kind) => `\`${kind}\``).join(', ')}; others may come. Of golden records that were added it is their database connection.`,
          example: 'finetuning',
        }),
        id: z.string().meta({ description: 'Its id.', example: '6579eb79eb4e22533dc43fe0' }),
      })
      .meta({ description: 'What it was done to, which may be deleted since.' }),
    event_id: z.number().int().nullable().meta({
      description: 'Of the finetuning, the event that tells the same. Null: it was done to something else.',
      example: 4,
    }),
  })
  .meta({ id: 'AuditEntry', description: 'What somebody did: when, with which key, from where.' });
