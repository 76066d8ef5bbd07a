// The key that a request brings: as a bearer token, or in a header of its own, as programs send it that know no other way.

/** Null: none. A bearer token goes before the header; another scheme of `Authorization` is somebody else's, as a proxy's. */
export function credentialOf(headers: Headers): string | null {
  const token = /^bearer\s+(.+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  return token ?? (headers.get('x-api-key')?.trim() || null);
}
