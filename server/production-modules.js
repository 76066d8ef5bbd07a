// After an installation without what tests and types need (npm ci --omit=dev): removes from node_modules what only
// compilers, debuggers and browsers read, two thirds of it. Any other installation is left as it is.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = join(dirname(fileURLToPath(import.meta.url)), '..', 'node_modules');
/** tRPC asks for TypeScript as a peer, of which it takes types alone; the parser of SQL brings all dialects once more for browsers. */
const UNREAD = ['typescript', '@types', 'node-sql-parser/umd', '@azure/msal-browser'];
/** Of Microsoft's packages: the same once more for other places than Node, and what it was made from. */
const ELSEWHERE = /^@(azure|typespec)\/[^/]+\/(dist\/(browser|workerd|react-native)|dist-browser|src|types)$/;

if (!existsSync(join(modules, '@biomejs'))) {
  const { lockFile, neededModules } = await import('./needed-modules.ts');
  const root = join(modules, '..');
  const lock = lockFile.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
  const needed = neededModules(lock);
  for (const path of Object.keys(lock.packages)) {
    if (path.startsWith('node_modules/') && !needed.has(path))
      rmSync(join(root, path), { recursive: true, force: true });
  }
  for (const name of UNREAD) rmSync(join(modules, name), { recursive: true, force: true });
  for (const path of readdirSync(modules, { recursive: true, encoding: 'utf8' })) {
    if (path.endsWith('.map') || ELSEWHERE.test(path)) rmSync(join(modules, path), { recursive: true, force: true });
  }
}
