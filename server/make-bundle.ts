// Makes one file of the server and its packages. Loaded only where that file is missing or of other sources.
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';

type Bundle = {
  root: string;
  /** From `root`. */
  entry: string;
  /** Where it goes, whole or not at all. */
  path: string;
  /** Its first line and its last, with the end of it. */
  mark: string;
};

/** Packages that are loaded only when used, or that find files of their own beside them. */
const EXTERNAL = ['@azure/identity', '@electric-sql/pglite', 'gpt-tokenizer', 'pg-native'];
/** Packages of CommonJS ask for Node's own modules by it. */
const REQUIRE = `import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);`;

/** @throws Error where the bundler is not installed, or the file cannot be written */
export async function makeBundle({ root, entry, path, mark }: Bundle): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  // Two starts at a time make the same, and the last one stays.
  const unfinished = `${path}.${randomUUID()}`;
  try {
    // Where nothing can be written, nothing need be made.
    await writeFile(unfinished, '');
    const { outputFiles } = await build({
      entryPoints: [join(root, entry)],
      absWorkingDir: root,
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      external: EXTERNAL,
      banner: { js: mark + REQUIRE },
      footer: { js: mark },
      logLevel: 'silent',
      plugins: [atItsPlace(dirname(path))],
    });
    for (const { contents } of outputFiles) await writeFile(unfinished, contents, { flush: true });
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** A module that asks where it is is told where its source is: there lie the files that it names. */
const atItsPlace = (directory: string): Plugin => ({
  name: 'at its place',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]server[\\/].*\.ts$/ }, async ({ path }) => {
      const place = `new URL(${JSON.stringify(relative(directory, path))}, import.meta.url).href`;
      const contents = (await readFile(path, 'utf8')).replaceAll('import.meta.url', place);
      return { contents, loader: 'ts' };
    });
  },
});
