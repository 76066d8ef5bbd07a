// Links that let somebody in, once: what opens is in the address alone, and a digest of it is kept.
import { randomBytes } from 'node:crypto';
import { digestOf } from '../key-text.ts';

const SECRET_BYTES = 32;

export function newToken(): { token: string; digest: string } {
  const token = randomBytes(SECRET_BYTES).toString('base64url');
  return { token, digest: digestOf(token) };
}

export const linkTo = (publicUrl: string, page: 'first-administrator' | 'invitation', token: string): string =>
  `${publicUrl}/auth/${page}?token=${token}`;
