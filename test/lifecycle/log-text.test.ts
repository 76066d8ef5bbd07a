// What a trainer has printed, as plain text.
import { expect, test } from 'vitest';
import { plainTail } from '../../server/finetuning/log-text.ts';

const LARGE = 1_000_000;
const plain = (text: string) => plainTail(text, LARGE, false).text;

test('colours, movements of the cursor, titles of windows and other control characters are left out', () => {
  expect(plain('\u001b[31;1mloss\u001b[0m 0.4\u001b[2K\u001b]0;evil title\u0007!\u0000\u009b2J\u0008\n\tend')).toBe(
    'loss 0.4!2J\n\tend',
  );
  expect(plain('a\u001b]8;;http://host\u001b\\b\u001b]never ended\nc\u001bMd\u001b')).toBe('ab\ncd');
});

test('a progress bar that draws itself anew is a line each time', () => {
  expect(plain('10%\r20%\r\n30%\r\r\n')).toBe('10%\n20%\n30%\n');
});

test('what is left is the end, from the beginning of a line, and not more bytes than asked for', () => {
  expect(plainTail('one\ntwo\nthree\n', 10, false)).toEqual({ text: 'two\nthree\n', cut_off: true });
  expect(plainTail('one\ntwo\nthree\n', 9, false)).toEqual({ text: 'three\n', cut_off: true });
  expect(plainTail('one\ntwo\n', 8, false)).toEqual({ text: 'one\ntwo\n', cut_off: false });
  expect(plainTail('e\ntwo\n', 8, true)).toEqual({ text: 'two\n', cut_off: true });
});

test('of one long line its end is left, from a whole character', () => {
  expect(plainTail('ü'.repeat(10), 5, false)).toEqual({ text: 'üü', cut_off: true });
  expect(plainTail(`${'x'.repeat(10)}\n`, 4, false)).toEqual({ text: 'xxx\n', cut_off: true });
});

test.each(['\u001b', '\u001b[', '\u001b];', `\u001b[${';'.repeat(50)}`, '\r'])(
  'a megabyte of %j is read at once',
  (piece) => {
    const started = performance.now();
    plain(`\u001b[${piece.repeat(LARGE / piece.length)}`);
    plain(piece.repeat(LARGE / piece.length));
    expect(performance.now() - started).toBeLessThan(5000);
  },
);
