// The text of a key: what opens, shown once and kept nowhere. What is kept of it is a digest.
import { createHash, randomBytes } from 'node:crypto';

/** Says of a key that was found somewhere what it is for; those who look for lost keys search by it. */
const PREFIX = 'goldtune_';
const SECRET_BYTES = 32;
/** So few of the 43 letters after it that the others are as good as all. */
const HINTED = PREFIX.length + 4;

export type KeyText = { text: string; digest: string; hint: string };

export function newKeyText(): KeyText {
  const text = PREFIX + randomBytes(SECRET_BYTES).toString('base64url');
  return { text, digest: digestOf(text), hint: text.slice(0, HINTED) };
}

/** Whether it may be a key of ours; what is no key at all need not be looked up. */
export const isKeyText = (text: string): boolean => /^goldtune_[\w-]{43}$/.test(text);

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
