// How DATABASE_URL is read: `sslmode` means what libpq means by it, which is not what `pg` takes it for.
import { Client, type ClientConfig } from 'pg';

/** `no-verify` is `pg`'s own word for libpq's `require`. */
const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];

/** A host that swallows packets would otherwise be waited for as long as the operating system likes. */
const LONGEST_CONNECT_MS = 10_000;
const FIRST_KEEP_ALIVE_MS = 10_000;

export type Address = { url: string; sslmode: string | null };

/** @throws Error saying which part of the address cannot be served. */
export function readAddress(url: string): Address {
  const address = new URL(url);
  const parameters = address.searchParams;
  const sslmode = parameters.get('sslmode');
  if (sslmode === null) return { url, sslmode };
  if (!SSL_MODES.includes(sslmode)) {
    throw new Error(`sslmode=${sslmode} is none of ${SSL_MODES.join(', ')}`);
  }
  if (parameters.get('sslrootcert') === 'system') {
    // To libpq, `system` is the authorities that the system trusts, and asks for all that can be checked.
    parameters.delete('sslrootcert');
    parameters.set('sslmode', 'verify-full');
  } else if (sslmode === 'verify-ca' && !parameters.has('sslrootcert')) {
    throw new Error('sslmode=verify-ca needs sslrootcert, the file of the authority that signed the certificate');
  } else if (sslmode === 'allow') parameters.set('sslmode', 'prefer');
  else if (sslmode === 'no-verify') parameters.set('sslmode', 'require');
  parameters.set('uselibpqcompat', 'true');
  return { url: address.href, sslmode };
}

/** `prefer` and `allow` do without TLS where the server has none; `pg` would not. */
export async function agreeOnTls(address: Address): Promise<Address> {
  if (address.sslmode !== 'prefer' && address.sslmode !== 'allow') return address;
  const client = new Client(connectionTo(address, 'goldtune'));
  client.on('error', () => {});
  try {
    await client.connect();
    return address;
  } catch (error) {
    if (!(error instanceof Error && error.message === NO_TLS)) throw error;
    const plain = new URL(address.url);
    plain.searchParams.set('sslmode', 'disable');
    return { ...address, url: plain.href };
  } finally {
    await client.end().catch(() => {});
  }
}

/** What `pg` says, without a code, of a server that does not speak TLS. */
export const NO_TLS = 'The server does not support SSL connections';

/** An `application_name` in the address goes before ours. */
export const connectionTo = (
  address: Address,
  application_name: string,
  connectionTimeoutMillis = LONGEST_CONNECT_MS,
): ClientConfig => ({
  connectionString: address.url,
  application_name,
  connectionTimeoutMillis,
  keepAlive: true,
  keepAliveInitialDelayMillis: FIRST_KEEP_ALIVE_MS,
});
