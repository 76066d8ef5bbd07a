// A script with all it imports in one file: it starts in a fifth of the time, which counts where hundreds are started.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory } from '../../temporary-directory.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** `path` is that of the script itself where there is no bundler. */
export async function bundle(url: URL): Promise<AsyncDisposable & { path: string }> {
  const script = fileURLToPath(url);
  const out = await temporaryDirectory();
  const made = join(out.path, basename(script).replace(/ts$/, 'js'));
  const bundler = rolldown();
  if (bundler) {
    const args = [bundler, script, '--platform', 'node', '--format', 'esm', '-d', out.path, '--log-level', 'silent'];
    spawnSync(process.execPath, args, { cwd: ROOT });
  }
  return { ...out, path: existsSync(made) ? made : script };
}

/** The bundler that the test runner itself works with. */
function rolldown(): string | null {
  try {
    const vite = createRequire(import.meta.resolve('vitest')).resolve('vite');
    return join(dirname(createRequire(vite).resolve('rolldown/package.json')), 'bin/cli.mjs');
  } catch {
    return null;
  }
}
