// The library of sign-ins, opened when it is first needed: once with the OpenID provider, and once without.
import type { SignIns, SignInsOptions } from './sign-ins.ts';
import { within } from './within.ts';

type Kind = 'passwords' | 'openId';

/** The provider is asked for its metadata once more, by the library, which sets no time for it. */
const LONGEST_MS = 10_000;

/** What is wrong with the provider keeps nobody from signing in with a password; what could not be opened is tried again. */
export function openOnce(
  options: Omit<SignInsOptions, 'tables'> & { tables: () => Promise<SignInsOptions['tables']> },
): (kind: Kind) => Promise<SignIns> {
  const opened = new Map<Kind, Promise<SignIns>>();

  async function open(kind: Kind): Promise<SignIns> {
    const { openSignIns } = await import('./sign-ins.ts');
    return openSignIns({
      ...options,
      tables: await options.tables(),
      openId: kind === 'openId' ? options.openId : null,
    });
  }

  return (kind) => {
    const before = opened.get(kind);
    if (before !== undefined) return before;
    const opening = within(LONGEST_MS, 'The OpenID provider does not answer', open(kind));
    opened.set(kind, opening);
    opening.catch(() => opened.delete(kind));
    return opening;
  };
}
