// API keys on the wire. The text of one stands in the answer that makes it, and in no other.
import { z } from 'zod';
import { standings } from '../keys.ts';
import { scopes } from '../principal.ts';
import { idOf, text, utcTime, withDefault } from './fields.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const MOST_OVERLAP_MS = 90 * DAY_MS;
/** Beyond it, times are written otherwise, and mistakes are likelier than wishes. */
const LAST = '3000';

export const keyId = idOf('Id of the API key', '656a1c10eb4e22533dc44001');

const forName = { description: 'Whose it is, or what for: receipts show it as `requested_by`.', example: 'on call' };
const forScopes = {
  description:
    'What it may do: `read` to look, `run` to start and change, `cancel` to stop, `admin` all of it and to manage keys. None of the first three brings another with it; to delete a run takes `run` and `cancel`.',
  example: ['read' as const, 'cancel' as const],
};
const forExpiry = { description: 'From then on it opens nothing; ISO 8601, UTC. Null: it does not expire.' };
const expiryExample = '2027-03-01T00:00:00.000Z';

const expiresAt = z.iso
  .datetime({ abort: true })
  .max(40)
  .refine((time) => time < LAST, 'Input should be before the year 3000')
  .transform((time) => new Date(time).toISOString())
  .meta({ ...forExpiry, example: expiryExample });

export const createInput = z
  .strictObject({
    name: text(100).trim().min(1).meta(forName),
    scopes: z
      .array(z.enum(scopes))
      .min(1)
      .max(scopes.length)
      // In one order, each once.
      .transform((given) => scopes.filter((scope) => given.includes(scope)))
      .meta(forScopes),
    expires_at: expiresAt.nullish(),
  })
  .meta({ id: 'CreateApiKey', description: 'A key that others are given: what for, and what it may do.' });

const forOverlap = {
  description: `How long the old key still opens beside the new one, in milliseconds: a day unless given, 90 days at most, and never longer than it would have. 0: it opens nothing from now on.`,
  example: DAY_MS,
};

export const rotateInput = z
  .strictObject({
    overlap_ms: withDefault(z.number().int().min(0).max(MOST_OVERLAP_MS).meta(forOverlap), DAY_MS).meta(forOverlap),
  })
  .meta({ id: 'RotateApiKey', description: 'How long both keys open.' });

export const apiKey = z
  .object({
    id: keyId,
    name: z.string().meta(forName),
    scopes: z.array(z.enum(scopes)).meta(forScopes),
    hint: z.string().meta({ description: 'How its text begins, to know it again.', example: 'goldtune_4fQx' }),
    standing: z.enum(standings).meta({ description: 'Whether it opens anything just now.', example: 'valid' }),
    created_by: z.string().meta({ description: 'The name of the key that made it.', example: 'admin' }),
    created_at: utcTime,
    expires_at: utcTime.nullable().meta({ ...forExpiry, example: expiryExample }),
    last_used_at: utcTime.nullable().meta({ description: 'To the minute. Null: never.' }),
    revoked_at: utcTime.nullable().meta({ description: 'Null: it was not.' }),
    replaced_by: keyId.nullable().meta({ description: 'The key that was made in its place, if any.' }),
  })
  .meta({ id: 'ApiKey', description: 'A key of the organization, without the text that opens.' });

export const madeKey = apiKey
  .extend({
    key: z.string().meta({
      description: 'The key itself, shown this once: what is kept of it is a digest.',
      example: 'goldtune_4fQx0000000000000000000000000000000000000000000',
    }),
  })
  .meta({ id: 'MadeApiKey', description: 'A new key, and its text.' });

export const rotatedKey = madeKey.extend({ replaces: apiKey }).meta({
  id: 'RotatedApiKey',
  description: 'A key in the place of another, its text, and the old one, which opens until its `expires_at`.',
});
