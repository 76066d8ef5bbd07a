// The folders of an installation as pnpm lays them out: each package beside links to its own dependencies and to no
// others, and at the top a link to what was asked for alone.
import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';

const manifest = z.object({
  name: z.string(),
  version: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
  peerDependencies: z.record(z.string(), z.string()).default({}),
});

/** @param from a folder that npm installed into, flat. @param into gets a node_modules with `asked` at its top. */
export async function layOutAsPnpm(from: string, into: string, asked: string): Promise<void> {
  const store = join(into, 'node_modules', '.pnpm');
  const packages = await installedIn(join(from, 'node_modules'));
  const homes = new Map(
    packages.map(({ name, version }) => [name, join(store, `${name.replace('/', '+')}@${version}`, 'node_modules')]),
  );
  const link = async (name: string, beside: string) => {
    const home = homes.get(name);
    if (home === undefined) return;
    const place = join(beside, name);
    await mkdir(dirname(place), { recursive: true });
    await symlink(relative(dirname(place), join(home, name)), place);
  };
  for (const { name, dependencies, peerDependencies } of packages) {
    const home = homes.get(name) ?? '';
    await cp(join(from, 'node_modules', name), join(home, name), { recursive: true });
    for (const needed of Object.keys({ ...peerDependencies, ...dependencies })) await link(needed, home);
  }
  await link(asked, join(into, 'node_modules'));
}

async function installedIn(folder: string): Promise<z.infer<typeof manifest>[]> {
  const entries = (await readdir(folder)).filter((name) => !name.startsWith('.'));
  const names = await Promise.all(
    entries.map(async (name) =>
      name.startsWith('@') ? (await readdir(join(folder, name))).map((inner) => `${name}/${inner}`) : [name],
    ),
  );
  return Promise.all(
    names
      .flat()
      .map(async (name) => manifest.parse(JSON.parse(await readFile(join(folder, name, 'package.json'), 'utf8')))),
  );
}
