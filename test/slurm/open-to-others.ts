// Whether another user of this machine can read the checkout, as goldtune has to that is started as one.
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const ENTER = 0o001;

/** Why not, as of a clone in a directory of one's own; null: they can. */
export function shutToOthers(): string | null {
  for (let at = dirname(fileURLToPath(import.meta.url)); ; at = dirname(at)) {
    if ((statSync(at).mode & ENTER) === 0) return `no other user may enter ${at}`;
    if (at === dirname(at)) return null;
  }
}
