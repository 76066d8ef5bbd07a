// Cuts tokens out of what a host says: they are renewed while we run, so the secrets of the configuration hold none.
import type { Clean } from '../without-secrets.ts';
import type { Credential } from './credential.ts';

const MARK = '[secret]';
/** So much of a token at the end of a text that was cut tells something. */
const SHORTEST = 8;

/** A token of the web, whole or cut. */
const WEB_TOKEN = /\beyJ[\w-]{8,}(\.[\w-]*)*/g;
const AUTHORIZATION = /\b(bearer\s+)[^\s"'<>,;]{20,}/gi;

/** Of those that this credential has handed out, and of whatever looks like one. */
export const tokensOf = ({ handedOut }: Credential): Clean => ({
  text: (text) =>
    (handedOut?.() ?? [])
      .reduce(without, text)
      .replace(WEB_TOKEN, MARK)
      .replace(AUTHORIZATION, (_all, scheme: string) => `${scheme}${MARK}`),
  spoils: (id) => (handedOut?.() ?? []).some((token) => id.includes(token)),
});

function without(text: string, token: string): string {
  const left = text.replaceAll(token, MARK);
  if (!left.includes(token.slice(0, SHORTEST))) return left;
  for (let length = Math.min(token.length - 1, left.length); length >= SHORTEST; length--) {
    if (left.endsWith(token.slice(0, length))) return left.slice(0, -length) + MARK;
  }
  return left;
}
