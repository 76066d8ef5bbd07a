// A directory as a first start leaves it, to be copied: that takes a hundredth of the time of making one anew.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, globSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareDatabase } from '../prepare.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CACHE = join(ROOT, 'node_modules/.cache/goldtune');
/** All that has a part in what is in the directory. */
const MADE_BY = [
  'drizzle/**/*.{json,sql,ts}',
  'server/{storage,worker}/**/*.{ts,br}',
  'test/prepare.ts',
  'node_modules/.package-lock.json',
];

/** Made once, and kept until something that has a part in it changes. @returns its path; it is not to be written to */
export async function embeddedTemplate(): Promise<string> {
  const ready = join(CACHE, `embedded-${await version()}`);
  if (existsSync(ready)) return ready;

  await mkdir(CACHE, { recursive: true });
  const scratch = await mkdtemp(`${ready}-`);
  await prepareDatabase({ directory: scratch });
  try {
    // Whoever is first is used by all; what was made at the same time is not needed.
    await rename(scratch, ready);
  } catch (error) {
    await rm(scratch, { recursive: true, force: true });
    if (!existsSync(ready)) throw error;
  }
  return ready;
}

/** A copy of its own for a test. */
export async function startedBefore(): ReturnType<typeof temporaryDirectory> {
  const copied = await temporaryDirectory();
  copyTemplate(await embeddedTemplate(), copied.path);
  return copied;
}

/** A thousand small files: the asynchronous `cp` takes half a second of processor time for them, this one 30 ms. */
export const copyTemplate = (from: string, to: string) => cpSync(from, to, { recursive: true });

async function version(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of globSync(MADE_BY, { cwd: ROOT }).sort()) {
    hash.update(`${file}\n`).update(await readFile(join(ROOT, file)));
  }
  return hash.digest('hex').slice(0, 16);
}
