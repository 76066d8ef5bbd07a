// Which packages ship, by package-lock.json: what the server and its client need, and what those need in turn. npm installs
// more, with `--omit=dev` too: what is here for tests, and a package could use if it was here, as better-auth could vitest.
import { z } from 'zod';

const names = z.record(z.string(), z.string()).default({});
const one = z.object({
  name: z.string().optional(),
  version: z.string().default(''),
  link: z.boolean().default(false),
  resolved: z.string().optional(),
  dependencies: names,
  optionalDependencies: names,
  peerDependencies: names,
  peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.boolean().default(false) })).default({}),
});
export const lockFile = z.object({ packages: z.record(z.string(), one) });

/** The folders of their packages, from where the lock file is. */
export function neededModules({ packages }: z.infer<typeof lockFile>): ReadonlySet<string> {
  const needed = new Set<string>();
  const ways = ['', 'client'];
  for (let path = ways.pop(); path !== undefined; path = ways.pop()) {
    const found = packages[path];
    if (!found || needed.has(path)) continue;
    needed.add(path);
    if (found.link && found.resolved !== undefined) ways.push(found.resolved);
    const peers = Object.keys(found.peerDependencies).filter((name) => !found.peerDependenciesMeta[name]?.optional);
    for (const name of [...Object.keys({ ...found.dependencies, ...found.optionalDependencies }), ...peers]) {
      ways.push(placeOf(name, path, packages));
    }
  }
  return needed;
}

/** As Node looks for it: beside who needs it, and then further out. */
function placeOf(name: string, from: string, packages: object): string {
  const place = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
  if (place in packages || from === '') return place;
  const inner = from.lastIndexOf('node_modules/');
  return placeOf(name, from.slice(0, Math.max(0, inner - 1)), packages);
}
