// A directory as a first start leaves it, to be copied: much faster than making each anew.
import { cp } from 'node:fs/promises';
import { prepareDatabase } from '../prepare.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

export type Template = AsyncDisposable & {
  path: string;
  /** A copy of its own for a test. */
  copy(): ReturnType<typeof temporaryDirectory>;
};

export async function embeddedTemplate(): Promise<Template> {
  const directory = await temporaryDirectory();
  await prepareDatabase({ directory: directory.path });
  return Object.assign(directory, {
    async copy() {
      const copied = await temporaryDirectory();
      await cp(directory.path, copied.path, { recursive: true });
      return copied;
    },
  });
}
