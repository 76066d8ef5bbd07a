#!/usr/bin/env node
// The command: there before a build is, so that package managers can link it, and a copy that was not built says so.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = new URL('../dist/cli/main.js', import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  const folder = fileURLToPath(new URL('..', import.meta.url));
  console.error(`goldtune: this copy is not built; run \`npm install && npm run build\` in ${folder}`);
  process.exitCode = 1;
}
