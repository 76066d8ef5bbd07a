// What the forms of people send, as a form or as JSON: read by a schema, refused in the words of the API.
import { z } from 'zod';
import { objectId, text } from '../../finetuning/contract/fields.ts';
import { invalid } from '../../finetuning/errors.ts';
import { readFields } from '../fields/read.ts';
import { unmet } from '../fields/unmet.ts';

export const SHORTEST_PASSWORD = 12;
export const LONGEST_PASSWORD = 128;

const email = text(254).trim().toLowerCase().pipe(z.email());
const token = text(100);

export const credentials = z.strictObject({ email, password: text(LONGEST_PASSWORD).min(1) });
export const newcomer = z.strictObject({
  token,
  name: text(100).trim().min(1),
  email,
  password: text(LONGEST_PASSWORD).min(SHORTEST_PASSWORD),
});
export const membership = z.strictObject({ token });
export const choice = z.strictObject({ organization_id: objectId });
export const link = z.object({ token });

/** @throws DomainError `invalid` */
export async function sent<S extends z.ZodType>(schema: S, request: Request): Promise<z.output<S>> {
  const read = await readFields(schema, await bodyOf(request), ['body']);
  if (!read.ok) throw unmet(read.errors);
  return read.value;
}

async function bodyOf(request: Request): Promise<unknown> {
  const isForm = request.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded') ?? false;
  const given = await request.text();
  if (isForm) return Object.fromEntries(new URLSearchParams(given));
  try {
    return JSON.parse(given);
  } catch {
    throw invalid(['body'], 'Send a form, or JSON.', 'json_invalid');
  }
}
