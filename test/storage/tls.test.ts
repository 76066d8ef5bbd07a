// `sslmode` in DATABASE_URL means what libpq means by it, and a connection that fails for it says so in one line.
import { expect, test, vi } from 'vitest';
import { openDatabase } from '../../server/storage/database.ts';
import { certificate, startPostgres } from '../postgres/server.ts';

/** How the server sees the connection that serves requests; or why there is none. */
async function reached(url: string): Promise<string> {
  try {
    await using opened = await openDatabase({ url }, () => {});
    const { rows } = Object(await opened.db.execute('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()'));
    return rows[0].ssl ? 'encrypted' : 'plain';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test('sslmode=require asked for a certificate that can be verified, which libpq does not', async () => {
  await using server = await startPostgres({ tls: true });
  const warned = vi.spyOn(process, 'emitWarning');
  const byAddress = server.url();
  const byName = byAddress.replace('127.0.0.1', 'localhost');
  const root = `&sslrootcert=${certificate}`;
  expect({
    none: await reached(byAddress),
    disable: await reached(`${byAddress}?sslmode=disable`),
    allow: await reached(`${byAddress}?sslmode=allow`),
    prefer: await reached(`${byAddress}?sslmode=prefer`),
    require: await reached(`${byAddress}?sslmode=require`),
    'no-verify': await reached(`${byAddress}?sslmode=no-verify`),
    'verify-ca': await reached(`${byAddress}?sslmode=verify-ca${root}`),
    'verify-full': await reached(`${byName}?sslmode=verify-full${root}`),
  }).toEqual({
    none: 'plain',
    disable: 'plain',
    allow: 'encrypted',
    prefer: 'encrypted',
    require: 'encrypted',
    'no-verify': 'encrypted',
    'verify-ca': 'encrypted',
    'verify-full': 'encrypted',
  });
  const failed = 'goldtune cannot use the database of DATABASE_URL: ';
  expect(await reached(`${byName}?sslmode=verify-full`)).toMatch(
    /DATABASE_URL: self-signed certificate.*; the address has sslmode=verify-full: give the authority's certificate in sslrootcert, or encrypt without proof of who answers: sslmode=require$/,
  );
  expect(await reached(`${byName}?sslmode=verify-full&sslrootcert=system`)).toContain('self-signed certificate');
  expect(await reached(`${byAddress}?sslmode=verify-full${root}`)).toContain("does not match certificate's altnames");
  expect(await reached(`${byAddress}?sslmode=verify-ca`)).toContain('sslmode=verify-ca needs sslrootcert');
  expect(await reached(`${byAddress}?sslmode=on`)).toContain('sslmode=on is none of disable, allow, prefer, require');
  expect(await reached(`${byAddress}?sslmode=verify-full&sslrootcert=/nowhere.crt`)).toContain(`${failed}ENOENT`);
  expect(warned).not.toHaveBeenCalled();
});

test('a server without TLS is used by prefer, and named as the cause where TLS is required', async () => {
  await using server = await startPostgres();
  expect(await reached(`${server.url()}?sslmode=prefer`)).toBe('plain');
  expect(await reached(`${server.url()}?sslmode=require`)).toBe(
    'goldtune cannot use the database of DATABASE_URL: The server does not support SSL connections; the address has sslmode=require: switch TLS on at the server, or give sslmode=disable',
  );
});
