// Under which licences what ships may stand, and the page that lists them.
import type { Bill, Component } from './shipped.ts';

/** Each asks for no more than that its text and its notices stay with the copy, as they do in node_modules. */
export const allowed: readonly string[] = [
  ...['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'Apache-2.0', 'PostgreSQL', 'Unlicense'],
  '(MIT OR CC0-1.0)',
];

/** What the name of a package's licence does not say. */
export const notes: Record<string, string> = {
  node: 'fetches a build of Node.js, which package-lock.json does not name, with the licences of V8, OpenSSL, ICU and others: the file LICENSE of its releases. It is not in the image, whose Node is that of its base.',
  esbuild:
    'carries a program in Go, with the licence of Go (BSD-3-Clause), in one of the `@esbuild` packages, by platform. It is not in the image.',
  '@electric-sql/pglite':
    'carries a build of Postgres, under the PostgreSQL License; its own part may be taken under that licence too.',
  'libpg-query': 'carries the parser of Postgres, under the PostgreSQL License, by way of libpg_query (BSD-3-Clause).',
  'swagger-ui-dist':
    'has a NOTICE, and lists what its scripts are made of in `*.LICENSE.txt`; all of them ship with it.',
  '@scarf/scarf':
    'comes with swagger-ui-dist, and is nothing but an install script that reports installations. It is denied in `allowScripts`, and switched off in `scarfSettings` for an npm that does not know those.',
  typescript: 'is asked for by tRPC for its types. An installation without development dependencies removes it.',
  'type-fest': 'is taken under MIT; it is types alone.',
  'big-integer': 'is in the public domain by its Unlicense.',
};

/** As npm has it: one name, or an expression of several. */
export const licenceOf = ({ licenses = [] }: Component): string =>
  licenses.map((one) => ('license' in one ? one.license.id : one.expression)).join(' AND ') || 'none that is known';

export const notAllowed = ({ components }: Bill): string[] =>
  components
    .map((one) => ({ name: one.name, licence: licenceOf(one) }))
    .filter(({ licence }) => !allowed.includes(licence))
    .map(({ name, licence }) => `${name}: ${licence}`);

/** Names and licences without versions: what is true of it stays true after an update. */
export function licencePage({ components }: Bill): string {
  const byLicence = Map.groupBy(components, licenceOf);
  const lines = [...byLicence]
    .map(([licence, ones]) => [licence, [...new Set(ones.map(({ name }) => name))].toSorted()] as const)
    .toSorted(([one, some], [other, others]) => others.length - some.length || (one < other ? -1 : 1))
    .map(([licence, names]) => `| ${licence} | ${names.length} | ${names.map((name) => `\`${name}\``).join(', ')} |`);
  return `# Licences of what ships

Written by \`npm run licences\` from package-lock.json: what an installation without development dependencies has, on any
platform, and what the published client needs. A test fails where this list is stale, or a licence is not one of
${allowed.map((name) => `\`${name}\``).join(', ')}. With versions and hashes: \`npm run sbom\`.

| licence | packages | |
|---|---|---|
${lines.join('\n')}

What the name alone does not say:

${Object.entries(notes)
  .map(([name, note]) => `- \`${name}\` ${note}`)
  .join('\n')}
`;
}
