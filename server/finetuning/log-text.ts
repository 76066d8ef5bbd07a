// What a trainer has printed, as plain text: the end of it, without what steers a terminal. Pure; the trainer is not trusted.

const [ESCAPE, BELL] = ['\u001b', '\u0007'];
/** Colours, cursor movements, titles of windows. Each character is looked at once, however they are arranged. */
const SEQUENCE = new RegExp(
  `${ESCAPE}(?:\\][^${ESCAPE}${BELL}\\n]*(?:${BELL}|${ESCAPE}\\\\)?|\\[[0-?]*[ -/]*[@-~]?|[^[\\]\\n])?`,
  'g',
);

/** A progress bar draws its line anew after each carriage return: each of them becomes a line. Plain text stays as it is. */
export const plainText = (text: string): string =>
  text
    .replaceAll(SEQUENCE, '')
    .replaceAll(/\r+\n?/g, '\n')
    .replaceAll(/[^\P{Cc}\n\t]/gu, '')
    .toWellFormed();

const NEWLINE = 0x0a;
/** Of a character of several bytes, those after the first. */
const isWithinCharacter = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80;

/**
 * The last lines of it that are no more bytes than this; of a line that is longer itself, its end.
 * @param isCut it begins in the middle already
 * @returns `cut_off`: something before it was left out.
 */
export function plainTail(printed: string, most_bytes: number, isCut: boolean): { text: string; cut_off: boolean } {
  const bytes = Buffer.from(plainText(printed));
  if (bytes.length <= most_bytes && !isCut) return { text: bytes.toString(), cut_off: false };
  let from = Math.max(0, bytes.length - most_bytes);
  const lineEnd = bytes.indexOf(NEWLINE, Math.max(0, from - 1));
  if (lineEnd !== -1 && lineEnd + 1 < bytes.length) from = lineEnd + 1;
  while (isWithinCharacter(bytes[from])) from += 1;
  return { text: bytes.subarray(from).toString(), cut_off: true };
}
