// Cuts the secrets of this configuration, and parts of them, out of text that is stored or leaves the process.

export type Redact = (text: string) => string;

export const MARK = '[secret]';

/** Shorter ones are words that occur in any text, and protect nothing. */
const SHORTEST = 4;
/** From here on a secret is no word by chance, and parts of it tell something. */
const LONG = 16;
/** So many characters in a row of a long secret are a part of it. */
const PART = 8;
/** How far a masked secret reaches to either side of its mask. */
const FARTHEST = 256;

const userinfo = /(?<=\/\/)[^\s/?#@"'<>]{0,256}:[^\s/@"'<>]{1,256}(?=@)/g;
const mask = /\*{2,}|•{2,}|\.{3,}|…+/g;

/**
 * Keys of our API and secrets of webhooks, whosever they are: none is known here, but each is known by how it begins. Of
 * one that was cut off so much is left to guess that no more of it need go.
 */
const ours = /goldtune(?:_|%5F)[\w-]{20,}|whsec(?:_|%5F)(?:[\w+/=-]|%2[BF]|%3D){20,}/gi;

/**
 * What a text holds of the secrets becomes `[secret]`: whole, as a URL, JSON or base64 writes them, in parts of eight
 * characters and more, and as others echo them (`sk-ab***yz`). The user and password of any URL go too, and every key of
 * goldtune's own.
 */
export function redactionOf(secrets: readonly string[]): Redact {
  const given = [...new Set(secrets.filter((secret) => secret.length >= SHORTEST))];
  const long = given.filter((secret) => secret.length >= LONG).flatMap(spellings);
  const short = given.filter((secret) => secret.length < LONG).flatMap(spellings);
  // Right after `":` stands a number of JSON, which must stay one.
  const words = short.map((word) => new RegExp(`(?<![\\w-]|":)${word.replaceAll(/\W/g, '\\$&')}(?![\\w-])`, 'g'));
  const parts = new Set(long.flatMap(partsOf));

  return (text) => {
    const marked = withoutMasked(text.replace(userinfo, MARK).replace(ours, MARK), given);
    const wordless = words.reduce((left, word) => left.replace(word, MARK), marked);
    return withoutCutOff(withoutParts(wordless, parts), long);
  };
}

/** Whether a name that must not be altered holds a secret, so that it cannot be used at all. */
export const holdsLongSecret = (secrets: readonly string[], name: string): boolean =>
  secrets.some((secret) => secret.length >= LONG && name.includes(secret));

function spellings(secret: string): string[] {
  // Within other text, base64 may begin at any of three places, and its ends depend on what is around.
  const base64 = [0, 1, 2].map((before) => {
    const encoded = Buffer.from(' '.repeat(before) + secret).toString('base64');
    return encoded.replace(/=+$/, '').slice(before === 0 ? 0 : before + 1, -1);
  });
  const urlSafe = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  return [...new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), ...base64, ...urlSafe])];
}

const partsOf = (secret: string): string[] =>
  Array.from({ length: Math.max(0, secret.length - PART + 1) }, (_, at) => secret.slice(at, at + PART));

function withoutParts(text: string, parts: ReadonlySet<string>): string {
  if (parts.size === 0) return text;
  let left = '';
  let kept = 0;
  for (let at = 0; at + PART <= text.length; at++) {
    if (!parts.has(text.slice(at, at + PART))) continue;
    let end = at + PART;
    while (end < text.length && parts.has(text.slice(end - PART + 1, end + 1))) end++;
    const found = text.slice(at, end);
    // A word that a secret is made of is still a word.
    if (found.length >= LONG || !/^[a-z]+$/i.test(found)) {
      left += text.slice(kept, at) + MARK;
      kept = end;
    }
    at = end - 1;
  }
  return left + text.slice(kept);
}

/** `sk-ab***yz`: what is left and right of the mask begins or ends a secret. */
function withoutMasked(text: string, secrets: readonly string[]): string {
  let left = '';
  let kept = 0;
  for (const { 0: found, index } of text.matchAll(mask)) {
    const before = /[\w-]*$/.exec(text.slice(Math.max(kept, index - FARTHEST), index))?.[0] ?? '';
    const after = /^[\w-]*/.exec(text.slice(index + found.length, index + found.length + FARTHEST))?.[0] ?? '';
    const shows = (secret: string) =>
      (before.length >= 2 && secret.startsWith(before)) || (after.length >= 2 && secret.endsWith(after));
    if (index < kept || !secrets.some(shows)) continue;
    left += text.slice(kept, index - before.length) + MARK;
    kept = index + found.length + after.length;
  }
  return left + text.slice(kept);
}

/** A text that was cut to a length may end within a secret. */
function withoutCutOff(text: string, secrets: readonly string[]): string {
  for (let length = PART - 1; length >= SHORTEST; length--) {
    const end = text.slice(-length);
    if (end.length === length && secrets.some((secret) => secret.startsWith(end))) return text.slice(0, -length) + MARK;
  }
  return text;
}
