// The client's folder as somebody copies it into a repository of their own: without what was installed or built there.
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLIENT = fileURLToPath(new URL('../../client', import.meta.url));
const made = [join(CLIENT, 'node_modules'), join(CLIENT, 'dist')];

export const copyClient = (into: string): Promise<void> =>
  cp(CLIENT, into, { recursive: true, filter: (path) => !made.includes(path) });
