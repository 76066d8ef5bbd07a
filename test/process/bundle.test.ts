// The files that a start makes of the server: they are what runs only while they are of the sources that are there.
import { cp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { Browser, PASSWORD, peopleEnv, tokenOf } from '../api/people/browser.ts';
import { startedBefore } from '../embedded/template.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { until } from '../until.ts';
import { startProcess } from './child.ts';

const MADE = 'The server was bundled into';

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
    start: (env: Record<string, string> = {}) =>
      startProcess(['server/main.ts'], { PORT: '0', DATA_DIR: database.path, ...env }, path),
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

test('what is read only when somebody signs in is in files of its own: a start reads none of them, and a sign-in finds them', async () => {
  await using copy = await copied();
  const dist = join(copy.path, 'dist');
  const env = { ...peopleEnv, PUBLIC_URL: 'http://localhost:8080' };
  {
    await using child = copy.start(env);
    const browser = new Browser(await child.url);
    browser.origin = env.PUBLIC_URL;
    await until(() => child.printed().includes('first-administrator?token='), 'the link is told');
    const [link = ''] = /http:\/\/localhost:8080\/auth\/first-administrator\?token=\S+/.exec(child.printed()) ?? [];
    const given = { token: tokenOf(link), name: 'Ada', email: 'ada@example.com', password: PASSWORD };
    const joined = await browser.post('/auth/invitation', given);
    expect([joined.status, joined.text]).toEqual([303, '']);
    expect((await fetch(`${await child.url}/api/v1/keys`, { headers: browser.headers })).status).toBe(200);
    // Whoever collects what is printed has the link; what is logged does not tell it.
    expect(child.printed().split(tokenOf(link))).toHaveLength(2);
  }
  const textOf = (name: string) => readFile(join(dist, name), 'utf8');
  const entry = await textOf('server.js');
  const read = [...entry.matchAll(/from "\.\/([\w-]+\.js)"/g)].map(([, name = '']) => name);
  expect(entry).not.toContain('BETTER_AUTH_SECRET');
  const later = (await readdir(dist)).filter((name) => name !== 'server.js' && !read.includes(name));
  const texts = await Promise.all(later.map(textOf));
  expect(texts.some((text) => text.includes('BETTER_AUTH_SECRET'))).toBe(true);
  for (const name of later) await writeFile(join(dist, name), 'throw new Error("it was read");');
  await using child = copy.start();
  expect((await fetch(`${await child.url}/readyz`)).status).toBe(200);
  expect(child.printed()).not.toMatch(/it was read|bundled/);
});

test('a file that is missing beside it has all of them made anew', async () => {
  await using copy = await copied();
  const started = async () => {
    await using child = copy.start();
    await child.url;
    return child.printed();
  };
  await started();
  const dist = join(copy.path, 'dist');
  const [one = ''] = (await readdir(dist)).filter((name) => name !== 'server.js');
  await rm(join(dist, one));
  expect(await started()).toContain(MADE);
  expect(await readdir(dist)).toContain(one);
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
