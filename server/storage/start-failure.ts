// A start that the database fails, in one line: the database's own cause, and what mends it.
import { DrizzleQueryError } from 'drizzle-orm';
import { Client, DatabaseError } from 'pg';
import { agreeOnTls, connectionTo, NO_TLS, readAddress } from './address.ts';
import { missingForRows, missingForTables } from './missing-rights.ts';

const INSUFFICIENT_PRIVILEGE = '42501';
const INVALID_AUTHORIZATION = '28000';
const READ_ONLY_TRANSACTION = '25006';

/** How Node says that a certificate does not prove what it should. */
const CERTIFICATE = /CERT|SIGNATURE|ISSUER|ALTNAME/;

export async function startFailure(error: unknown, url: string): Promise<Error> {
  const cause = causeOf(error);
  const mends = await mendOf(cause, url).catch(() => null);
  const line = [reasonOf(cause), mends].filter((part) => part !== null).join('; ');
  return new Error(`goldtune cannot use the database of DATABASE_URL: ${line}`, { cause: error });
}

function causeOf(error: unknown): unknown {
  return error instanceof DrizzleQueryError ? causeOf(error.cause) : error;
}

function reasonOf(cause: unknown): string {
  // One address for each way to reach the host.
  if (cause instanceof AggregateError) return cause.errors.map(reasonOf).join(', ');
  if (!(cause instanceof Error)) return String(cause);
  return cause instanceof DatabaseError && cause.detail ? `${cause.message} (${cause.detail})` : cause.message;
}

async function mendOf(cause: unknown, url: string): Promise<string | null> {
  if (!(cause instanceof Error)) return null;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const mode = new URL(url).searchParams.get('sslmode');
  const said = mode === null ? 'the address has no sslmode' : `the address has sslmode=${mode}`;
  switch (code) {
    case INSUFFICIENT_PRIVILEGE:
      return `to mend it: ${await missingRights(url)}`;
    case READ_ONLY_TRANSACTION:
      return 'it takes no writes: name the primary, or end what makes the server, the database or the role read-only';
    case INVALID_AUTHORIZATION:
      return mode === null ? `${said}: if the server wants TLS, add sslmode=require` : said;
    default:
  }
  if (cause.message === NO_TLS) return `${said}: switch TLS on at the server, or give sslmode=disable`;
  if (!CERTIFICATE.test(code)) return null;
  return `${said}: give the authority's certificate in sslrootcert, or encrypt without proof of who answers: sslmode=require`;
}

/** The statements that give what is missing, naming role and database. */
async function missingRights(url: string): Promise<string> {
  const client = new Client(connectionTo(await agreeOnTls(readAddress(url)), 'goldtune'));
  client.on('error', () => {});
  try {
    await client.connect();
    const forRows = await missingForRows(client);
    return (forRows.length > 0 ? forRows : await missingForTables(client)).join('; ');
  } catch (error) {
    if (!(error instanceof DatabaseError && error.code === INSUFFICIENT_PRIVILEGE)) throw error;
    const [database, role] = [client.database ?? '', client.user ?? ''].map((name) => client.escapeIdentifier(name));
    return `GRANT CONNECT ON DATABASE ${database} TO ${role}`;
  } finally {
    await client.end().catch(() => {});
  }
}
