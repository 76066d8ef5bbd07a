// The server as a file or two, which load in a third of the time that its thousand modules take. They are made by the first start
// after a change, and hold nothing that the sources do not: where they cannot be made the sources are run as they are.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const NAME = 'dist/server.js';
const BUNDLE = join(ROOT, NAME);
/** What it is made from. npm writes the last of them at each installation. */
const SOURCES = ['server', 'drizzle', 'package.json', 'tsconfig.json', 'node_modules/.package-lock.json'];

/** The address of what to load: the bundle, made anew where it is of other sources, or else their own entry. */
export async function entry(): Promise<string> {
  try {
    if (!isCurrent()) console.log(await build());
    return pathToFileURL(BUNDLE).href;
  } catch {
    // Without a bundler, or where nothing can be written: what is wrong with the sources they say themselves.
    return new URL('./run.ts', import.meta.url).href;
  }
}

/** @returns what it made, in words @throws Error where the bundler is not installed, or the file cannot be written */
export async function build(): Promise<string> {
  const started = performance.now();
  const { makeBundle } = await import('./make-bundle.ts');
  await makeBundle({ root: ROOT, entry: 'server/run.ts', path: BUNDLE, mark: mark() });
  return `The server was bundled into ${NAME} in ${((performance.now() - started) / 1000).toFixed(1)} s.`;
}

/** Its first line and its last say what it is of: what was cut off, by a machine that lost its power, has one at most. */
const mark = () => `// ${digestOfSources()}\n`;

function isCurrent(): boolean {
  if (!existsSync(BUNDLE)) return false;
  const made = readFileSync(BUNDLE, 'latin1').trimEnd();
  const expected = mark();
  if (!made.startsWith(expected) || !made.endsWith(expected.trimEnd())) return false;
  const beside = made.slice(expected.length).split('\n', 1)[0]?.split(' ').slice(2) ?? [];
  return beside.every((name) => existsSync(join(dirname(BUNDLE), name)));
}

/** By what they hold: a copy is as old as its copying. */
function digestOfSources(): string {
  const digest = createHash('sha256');
  for (const source of SOURCES)
    for (const path of filesOf(source)) digest.update(path).update(readFileSync(join(ROOT, path)));
  return digest.digest('hex');
}

function filesOf(source: string): string[] {
  if (!existsSync(join(ROOT, source))) return [];
  if (/\.json$/.test(source)) return [source];
  const found = readdirSync(join(ROOT, source), { recursive: true, encoding: 'utf8' });
  return found
    .filter((path) => /\.(ts|js)$/.test(path))
    .map((path) => join(source, path))
    .sort();
}
