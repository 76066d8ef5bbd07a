// What makes processes of the tests start in a third of the time: hundreds of them load the same code.
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Code that was loaded before is kept compiled. */
export const compileCache = { NODE_COMPILE_CACHE: join(tmpdir(), 'goldtune-compile-cache') };

/** Arguments of a Node 24 that loads the server. */
export const quickStart = ['--import', new URL('quick-imports.js', import.meta.url).href];
