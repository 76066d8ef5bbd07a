// Makes one file of the server and its packages, and others beside it of what is loaded only when used. Loaded only where that
// file is missing or of other sources.
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
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

/** What its second line begins with: the names of the files beside it that it needs. */
const BESIDE = '// beside ';

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
      entryPoints: { [basename(path, '.js')]: join(root, entry) },
      absWorkingDir: root,
      bundle: true,
      // What is loaded only when used is read only then.
      splitting: true,
      outdir: dirname(path),
      chunkNames: `${basename(path, '.js')}-[hash]`,
      write: false,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      external: EXTERNAL,
      banner: { js: REQUIRE },
      logLevel: 'silent',
      plugins: [atItsPlace(dirname(path))],
    });
    const beside = outputFiles.filter((file) => file.path !== path);
    const names = beside.map((file) => basename(file.path));
    for (const file of beside) await writeFile(file.path, file.contents, { flush: true });
    // Last of all, so that it is there only where the others are.
    const text = outputFiles.find((file) => file.path === path)?.text ?? '';
    await writeFile(unfinished, `${mark}${BESIDE}${names.join(' ')}\n${text}\n${mark}`, { flush: true });
    await rename(unfinished, path);
    await forgetOthers(path, names);
  } finally {
    await rm(unfinished, { force: true });
  }
}

/** Those of other sources: nothing loads them any more. */
async function forgetOthers(path: string, names: readonly string[]): Promise<void> {
  const ofBundle = (name: string) => /^-\w+\.js$/.test(name.replace(basename(path, '.js'), ''));
  const found = await readdir(dirname(path));
  const old = found.filter((name) => ofBundle(name) && !names.includes(name));
  await Promise.all(old.map((name) => rm(join(dirname(path), name), { force: true })));
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
