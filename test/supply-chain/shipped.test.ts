// The CycloneDX list of what ships holds all that an installation for production has, and nothing else.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { neededModules, lockFile as whole } from '../../server/needed-modules.ts';
import { licenceOf } from './licences.ts';
import { shipped } from './shipped.ts';

const lockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      link: z.boolean().default(false),
      integrity: z.string().optional(),
      license: z.string().optional(),
    }),
  ),
});
const read: unknown = JSON.parse(await readFile('package-lock.json', 'utf8'));
const lock = lockFile.parse(read);
const needed = neededModules(whole.parse(read));
const bill = await shipped();

const inModules = 'node_modules/';
const nameAt = (path: string) => path.slice(path.lastIndexOf(inModules) + inModules.length);
const installed = Object.entries(lock.packages)
  .filter(([path, { link }]) => path.includes(inModules) && needed.has(path) && !link)
  .map(([path, { version = '', integrity = '', license = '' }]) => ({
    name: nameAt(path),
    version,
    sha512: Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex'),
    licence: license,
  }));
const byRef = <T extends { name: string; version: string }>(ones: T[]) =>
  new Map(ones.map((one) => [`${one.name}@${one.version}`, one]));

test('every package of an installation for production is listed, with its version, address, licence and hash, and no other', () => {
  const listed = bill.components.filter(({ name }) => name !== '@goldtune/client');
  expect(
    byRef(
      listed.map((one) => {
        const hash = one.hashes?.[0];
        return {
          name: one.name,
          version: one.version,
          sha512: hash?.alg === 'SHA-512' ? hash.content : '',
          licence: licenceOf(one),
        };
      }),
    ),
  ).toEqual(byRef(installed));
  for (const { name, version, purl } of listed) expect(purl).toBe(`pkg:npm/${name.replace('@', '%40')}@${version}`);
  // A list that was read from nothing would agree with nothing.
  expect(installed.length).toBeGreaterThan(100);
});

test('`npm sbom --omit=dev` left out what a development dependency needs too, as pg and zod: they are listed', () => {
  const names = bill.components.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['pg', 'zod', 'yaml', 'esbuild', 'tslib']));
  for (const name of ['vitest', 'react', 'drizzle-kit', 'rolldown', 'oidc-provider']) expect(names).not.toContain(name);
  expect(names).not.toContain('newest-trpc');
});

test('the published client is listed with what it needs, and the whole is called by its name, whatever folder it is in', () => {
  expect(bill.components.filter(({ name }) => name === '@goldtune/client')).toMatchObject([
    { purl: expect.stringContaining('pkg:npm/%40goldtune/client@') },
  ]);
  expect(bill.components.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['commander', 'eventsource', 'cli-table3']),
  );
  expect(bill.metadata.component).toMatchObject({ name: 'goldtune', licenses: [{ license: { id: 'MIT' } }] });
});

test('it is a CycloneDX list: it says so, each thing in it has one name, and what depends on what names only these', () => {
  expect(bill).toMatchObject({
    bomFormat: 'CycloneDX',
    specVersion: expect.stringMatching(/^1\.\d+$/),
    serialNumber: expect.stringMatching(/^urn:uuid:[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
    version: 1,
  });
  const refs = [bill.metadata.component, ...bill.components].map((one) => one['bom-ref']);
  expect(new Set(refs).size).toBe(refs.length);
  expect(bill.dependencies.map(({ ref }) => ref).toSorted()).toEqual(refs.toSorted());
  const needed = new Set(bill.dependencies.flatMap(({ dependsOn }) => dependsOn));
  expect([...needed].filter((ref) => !refs.includes(ref))).toEqual([]);
  // Nothing is on the list that nothing leads to.
  expect(bill.components.filter((one) => !needed.has(one['bom-ref'])).map(({ name }) => name)).toEqual([]);
});
