// `npm run demo` on files of somebody's own: what is wrong with them is said in one line, with what to do.
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { DemoError, demoInput, HELP } from '../../examples/demo-input.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { startProcess } from './child.ts';

const DEMO = fileURLToPath(new URL('../../examples/demo.ts', import.meta.url));

const lines = (count: number, sql = 'SELECT 1') =>
  Array.from({ length: count }, (_, index) => JSON.stringify({ question: `question ${index}`, query: sql })).join('\n');

/** Each within a folder that holds some files. */
const refusals: [what: string, args: (folder: string) => string[], code: number, said: string[]][] = [
  [
    'an unknown flag',
    () => ['--rows', 'x.jsonl'],
    2,
    ["Unknown option '--rows'", 'usage: npm run demo -- [--records FILE'],
  ],
  ['a flag without its file', () => ['--records'], 2, ['argument missing', 'usage:']],
  ['a word too many', () => ['x.jsonl'], 2, ["Unexpected argument 'x.jsonl'", 'usage:']],
  ['a dialect without a name', () => ['--dialect', ' '], 2, ['--dialect must be a name such as sqlite', 'usage:']],
  [
    'a missing file',
    (folder) => ['--records', join(folder, 'none.jsonl')],
    1,
    ['--records: ', 'none.jsonl', 'Give the path'],
  ],
  [
    'a missing schema',
    (folder) => ['--schema', join(folder, 'none.sql')],
    1,
    ['--schema: ', 'none.sql', 'Give the path'],
  ],
  ['a directory', (folder) => ['--records', folder], 1, ['--records: ', 'EISDIR']],
  [
    'too few records',
    (folder) => ['--records', join(folder, 'few.jsonl')],
    1,
    ['few.jsonl holds 9 distinct golden records', 'add more'],
  ],
  [
    'a line that is not JSON',
    (folder) => ['--records', join(folder, 'broken.jsonl')],
    1,
    ['broken.jsonl, line 13', 'one JSON object a line'],
  ],
  [
    'an empty SQL',
    (folder) => ['--records', join(folder, 'blank.jsonl')],
    1,
    ['blank.jsonl, line 1', 'sql (or query) must not be empty', '11 more'],
  ],
];

test.each(refusals)('%s is said in one line, with what to do', async (_, args, code, said) => {
  await using directory = await temporaryDirectory();
  await writeFile(join(directory.path, 'few.jsonl'), `${lines(9)}\n${lines(9)}`);
  await writeFile(join(directory.path, 'broken.jsonl'), `${lines(12)}\n{`);
  await writeFile(join(directory.path, 'blank.jsonl'), lines(12, ' '));
  const refused = await demoInput(args(directory.path)).catch((error: unknown) => error);
  if (!(refused instanceof DemoError)) throw refused;
  expect(refused.exit_code).toBe(code);
  expect(refused.message.trim().split('\n')).toHaveLength(1);
  for (const words of said) expect(refused.message).toContain(words);
});

test.each(['--help', '-h'])('%s tells all options, and starts nothing', async (flag) => {
  await using directory = await temporaryDirectory();
  await using demo = startProcess([DEMO, flag], {}, directory.path);
  expect(await demo.ended).toEqual({ code: 0, signal: null });
  expect(demo.printed().trim()).toBe(HELP);
  for (const option of ['--records FILE', '--schema FILE', '--dialect NAME']) expect(HELP).toContain(`  ${option}`);
  expect(await readdir(directory.path)).toEqual([]);
});

test.each([
  [2, ['--rows', 'x.jsonl'], 'usage:'],
  [1, ['--records', 'few.jsonl'], 'few.jsonl holds 9 distinct'],
] as const)('and is all that is printed before it ends with %i', async (code, args, said) => {
  await using directory = await temporaryDirectory();
  await writeFile(join(directory.path, 'few.jsonl'), lines(9));
  await using demo = startProcess([DEMO, ...args], {}, directory.path);
  expect(await demo.ended).toEqual({ code, signal: null });
  expect(demo.printed().trim().split('\n')).toEqual([expect.stringContaining(said)]);
});
