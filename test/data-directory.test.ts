// The directory of the embedded database and of the sandbox, as the operating system shows it to others.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { prepareDataDirectory } from '../server/data-directory.ts';
import { temporaryDirectory } from './temporary-directory.ts';

test('any user of the machine could read what was uploaded to the sandbox: a directory that is made is for its owner alone', async () => {
  await using directory = await temporaryDirectory();
  const path = join(directory.path, 'new', 'data');
  expect(prepareDataDirectory(path)).toBe(true);
  expect((await stat(path)).mode & 0o777).toBe(0o700);
  expect(prepareDataDirectory(path)).toBe(true);
});
