// Builds the client wherever it is installed from its source: in a clone, as a folder, in a workspace. Without what it
// is built with (npm ci --omit=dev) it is left alone: such an installation is of the server. What is packed is built.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);
const { devDependencies } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));
const isPacked = ['pack', 'publish'].includes(process.env.npm_command ?? '');

if (isPacked || Object.keys(devDependencies).every(isInstalled)) {
  execFileSync(process.execPath, [resolve('typescript/bin/tsc')], { cwd: import.meta.dirname, stdio: 'inherit' });
}

/** @param {string} name */
function isInstalled(name) {
  try {
    return Boolean(resolve(`${name}/package.json`));
  } catch {
    return false;
  }
}
