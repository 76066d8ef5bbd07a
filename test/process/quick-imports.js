// Preloaded into the processes of the tests: Node parses the package.json of drizzle-orm, 178 kB, once more for each of
// the hundred files it loads from there, to learn that each is an ES module. That is half of a server's start.
import { registerHooks } from 'node:module';

const within = '/node_modules/drizzle-orm/';

registerHooks({
  resolve(specifier, context, next) {
    if (!specifier.startsWith('.') || !context.parentURL?.includes(within)) return next(specifier, context);
    return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true };
  },
});
