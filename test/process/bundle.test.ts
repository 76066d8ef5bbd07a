// The one file that a start makes of the server: it is what runs only while it is of the sources that are there.
import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { startedBefore } from '../embedded/template.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { startProcess } from './child.ts';

const MADE = 'The server was put into one file';

/** A copy of all that a server needs, which may be changed. */
async function copied() {
  await using resources = new AsyncDisposableStack();
  const { path } = resources.use(await temporaryDirectory());
  for (const part of ['server', 'drizzle', 'examples/library', 'package.json'])
    await cp(part, join(path, part), { recursive: true });
  await symlink(resolve('node_modules'), join(path, 'node_modules'));
  const database = resources.use(await startedBefore());
  const held = resources.move();
  return {
    path,
    start: () => startProcess(['server/main.ts'], { PORT: '0', DATA_DIR: database.path }, path),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

test('a change of the sources is in what the next start runs, and a start without a change makes nothing anew', async () => {
  await using copy = await copied();
  const greeted = async () => {
    await using child = copy.start();
    await child.url;
    child.process.kill('SIGTERM');
    await child.ended;
    return child.printed();
  };
  expect(await greeted()).toContain(MADE);
  expect(await greeted()).not.toContain(MADE);

  const greeting = join(copy.path, 'server/greeting.ts');
  await writeFile(greeting, (await readFile(greeting, 'utf8')).replaceAll('listens on', 'is changed, and listens on'));
  const changed = await greeted();
  expect(changed).toContain(MADE);
  expect(changed).toContain('is changed, and listens on');
});

test('where the file cannot be written the server runs from its sources, and leaves no half of one', async () => {
  await using copy = await copied();
  const inTheWay = join(copy.path, 'dist');
  await writeFile(inTheWay, 'a file of somebody');
  await using child = copy.start();
  expect((await fetch(`${await child.url}/healthz`)).status).toBe(200);
  expect(child.printed()).not.toContain(MADE);
  expect(await readFile(inTheWay, 'utf8')).toBe('a file of somebody');
});

test('what is wrong with the sources is said as their own error', async () => {
  await using copy = await copied();
  const greeting = join(copy.path, 'server/greeting.ts');
  await writeFile(greeting, `import './missing.ts';\n${await readFile(greeting, 'utf8')}`);
  await using child = copy.start();
  expect(await child.ended).toMatchObject({ code: 1 });
  expect(child.printed()).toMatch(/Cannot find module .*missing\.ts.*greeting\.ts/s);
});
