// SECURITY.md names the files that defend each door, and the tests that try it.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

test('each file that SECURITY.md names is there', async () => {
  const text = await readFile('SECURITY.md', 'utf8');
  const named = [...text.matchAll(/`((?:server|client|drizzle|test)\/[^`\s]*)`|\]\(([^)#]+)\)/g)].flatMap(
    ([, path, link]) => path ?? link ?? [],
  );
  expect(named.filter((path) => !existsSync(path))).toEqual([]);
  expect(named.length).toBeGreaterThan(30);
});
