// The CycloneDX list of what ships: what an installation without development dependencies has, of the server and of the
// published client. npm writes it from package-lock.json, for all platforms, and asks no registry.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { lockFile, neededModules } from '../../server/needed-modules.ts';
import { npmJson } from './npm-json.ts';

const component = z.looseObject({
  'bom-ref': z.string(),
  name: z.string(),
  version: z.string(),
  purl: z.string(),
  properties: z.array(z.object({ name: z.string(), value: z.string() })),
  hashes: z.array(z.object({ alg: z.string(), content: z.string() })).optional(),
  licenses: z
    .array(z.union([z.object({ license: z.object({ id: z.string() }) }), z.object({ expression: z.string() })]))
    .optional(),
});
const bill = z.looseObject({
  metadata: z.looseObject({ component }),
  components: z.array(component),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()) })),
});

export type Component = z.infer<typeof component>;
export type Bill = z.infer<typeof bill>;

/**
 * `npm sbom --omit=dev` would leave out whatever a development dependency needs too, pg and zod among it, and name what is here
 * for tests and could be used by a package. So all is listed, and what nothing that ships needs goes.
 */
export async function shipped(): Promise<Bill> {
  const all = bill.parse(await npmJson(['sbom', '--sbom-format=cyclonedx', '--package-lock-only']));
  const lock = lockFile.parse(JSON.parse(await readFile('package-lock.json', 'utf8')));
  const needed = new Set([...neededModules(lock)].map((path) => refOf(path, lock)));
  const components = all.components.filter((one) => needed.has(one['bom-ref']));
  const refs = new Set([all.metadata.component, ...components].map((one) => one['bom-ref']));
  return {
    ...all,
    metadata: { ...all.metadata, component: called(all.metadata.component) },
    components: components.map(called),
    dependencies: all.dependencies
      .filter(({ ref }) => refs.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) })),
  };
}

/** As npm calls the package in a folder. */
const refOf = (path: string, { packages }: z.infer<typeof lockFile>): string =>
  `${packages[path]?.name ?? path.slice(path.lastIndexOf(MODULES) + MODULES.length)}@${packages[path]?.version}`;

const MODULES = 'node_modules/';

/** By its own name: npm calls the project and its workspaces by the folders that they happen to be in. */
function called(one: Component): Component {
  const ref = one['bom-ref'];
  return { ...one, name: ref.slice(0, ref.lastIndexOf('@')) };
}
