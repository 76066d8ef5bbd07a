// Loaded before all else, in plain JavaScript: an older Node would end at the first TypeScript file, and not say what to do.

/** The first with `http.setGlobalProxyFromEnv`. */
const NEEDED = [24, 14];

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  console.error(
    `goldtune runs on Node ${NEEDED.join('.')} or newer, and this is Node ${process.versions.node}. "npm ci" brings one ` +
      'along; where npm is told to run no install scripts (--ignore-scripts), fetch it with ' +
      '"npm rebuild node --ignore-scripts=false" afterwards, or put a newer Node first in PATH.',
  );
  process.exit(1);
}
