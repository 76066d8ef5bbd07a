// Where goldtune listens: what may be given for it, and how it is written.

/** One spelling without a slash at its end; or what is wrong with it, as the rest of a sentence about it. */
export type Address = { address: string } | { problem: string };

const NO_ADDRESS = 'must be an http:// or https:// address, such as http://127.0.0.1:8080';

/** What was given is never repeated: it may hold a password. */
export function readAddress(given: unknown): Address {
  if (typeof given !== 'string' && !(given instanceof URL)) return { problem: NO_ADDRESS };
  const url = parsed(String(given));
  if (!url || !/^https?:$/.test(url.protocol)) return { problem: NO_ADDRESS };
  if (url.username || url.password) return { problem: 'must not hold a password; give the API key instead' };
  if (url.search || url.hash) return { problem: 'must end with its host or path, without ? or #' };
  return { address: `${url.origin}${url.pathname}`.replace(/\/+$/, '') };
}

/** On a page, a path is one of the page's own site. */
function parsed(text: string): URL | null {
  const page: unknown = Object(Reflect.get(globalThis, 'location')).href;
  try {
    return new URL(text, text.startsWith('/') && typeof page === 'string' ? page : undefined);
  } catch {
    return null;
  }
}
