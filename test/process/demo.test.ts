// `npm run demo` on files of somebody's own: what is wrong with them is said in one line, with what to do.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../temporary-directory.ts';
import { startProcess } from './child.ts';

const DEMO = fileURLToPath(new URL('../../examples/demo.ts', import.meta.url));

const lines = (count: number, sql = 'SELECT 1') =>
  Array.from({ length: count }, (_, index) => JSON.stringify({ question: `question ${index}`, query: sql })).join('\n');

test.each([
  ['an unknown flag', ['--rows', 'x.jsonl'], 2, ["Unknown option '--rows'", 'usage: npm run demo -- [--records FILE']],
  ['a flag without its file', ['--records'], 2, ['argument missing', 'usage:']],
  ['a word too many', ['x.jsonl'], 2, ["Unexpected argument 'x.jsonl'", 'usage:']],
  ['a dialect without a name', ['--dialect', ' '], 2, ['--dialect must be a name such as sqlite', 'usage:']],
  ['a missing file', ['--records', 'none.jsonl'], 1, ['--records: ', 'none.jsonl', 'Give the path']],
  ['a missing schema', ['--schema', 'none.sql'], 1, ['--schema: ', 'none.sql', 'Give the path']],
  ['a directory', ['--records', '.'], 1, ['--records: ', 'EISDIR']],
  ['too few records', ['--records', 'few.jsonl'], 1, ['few.jsonl holds 9 distinct golden records', 'add more']],
  ['a line that is not JSON', ['--records', 'broken.jsonl'], 1, ['broken.jsonl, line 13', 'one JSON object a line']],
  [
    'an empty SQL',
    ['--records', 'blank.jsonl'],
    1,
    ['blank.jsonl, line 1', 'sql (or query) must not be empty', '11 more'],
  ],
])('%s is said in one line, with what to do', async (_, args, code, said) => {
  await using directory = await temporaryDirectory();
  await writeFile(join(directory.path, 'few.jsonl'), `${lines(9)}\n${lines(9)}`);
  await writeFile(join(directory.path, 'broken.jsonl'), `${lines(12)}\n{`);
  await writeFile(join(directory.path, 'blank.jsonl'), lines(12, ' '));
  await using demo = startProcess([DEMO, ...args], {}, directory.path);
  expect(await demo.ended).toEqual({ code, signal: null });
  expect(demo.printed().trim().split('\n')).toHaveLength(1);
  for (const words of said) expect(demo.printed()).toContain(words);
});
