// Bytes as text: UTF-8, or UTF-16 as Excel saves "Unicode Text". Any other encoding is named and never guessed, since a
// wrong guess would store damaged text and tell nobody.
import { Lines } from './lines.ts';
import { unreadable } from './problem.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** @param head the first bytes, at least four where the file has them. */
export function encodingOf(head: Uint8Array): Encoding {
  const [first, second, third, fourth] = head;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  // Without a mark: a file of records begins with two characters of ASCII, whatever the language of its questions.
  if (first && second === 0 && third && fourth === 0) return 'utf-16le';
  if (first === 0 && second && third === 0 && fourth) return 'utf-16be';
  return 'utf-8';
}

/**
 * A byte order mark is left out.
 * @throws UnreadableFile with the line on which the text is of another encoding.
 */
export async function* decoded(bytes: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const lines = new Lines();
  let pending = new Uint8Array();
  const decode = (chunk?: Uint8Array) => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw notText(joined(pending, chunk ?? new Uint8Array()), encoding, lines);
    }
  };
  for await (const chunk of bytes) {
    const text = decode(chunk);
    lines.pass(text);
    pending = unfinished(joined(pending, chunk.subarray(-3)));
    if (text !== '') yield text;
  }
  yield decode();
}

const joined = (one: Uint8Array, other: Uint8Array) => {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
};

/** The first bytes of a UTF-8 character that is not complete yet. */
function unfinished(tail: Uint8Array): Uint8Array<ArrayBuffer> {
  for (let length = 1; length <= Math.min(3, tail.length); length++) {
    const byte = tail[tail.length - length] ?? 0;
    if (byte >= 0xc0)
      return length < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? tail.slice(-length) : new Uint8Array();
    if (byte < 0x80) break;
  }
  return new Uint8Array();
}

const SAVE = 'save it as UTF-8 ("CSV UTF-8" in Excel) and import that';

/** @param bytes from the first character that is not decoded yet. */
function notText(bytes: Uint8Array, encoding: Encoding, lines: Lines): Error {
  if (encoding !== 'utf-8') {
    return unreadable(`the file begins as ${encoding.toUpperCase()} and does not go on so; ${SAVE}`, lines.current);
  }
  const text = new TextDecoder(encoding).decode(bytes);
  lines.pass(text.slice(0, Math.max(0, text.indexOf('\ufffd'))));
  return unreadable(
    `the file is not UTF-8 text: this line holds a character of another encoding, such as Windows-1252 or Latin-1; ${SAVE}`,
    lines.current,
  );
}
