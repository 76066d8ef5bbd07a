// A client made from the checked-in document alone, against a live server; and what else the document says of it.
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import openapiTS, { astToString } from 'openapi-typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Answer, startWorld } from '../world.ts';

const run = promisify(execFile);
let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'goldtune-openapi-'));
  await cp(fileURLToPath(new URL('../openapi/consumer', import.meta.url)), directory, { recursive: true });
  await symlink(resolve('node_modules'), join(directory, 'node_modules'));
  const types = astToString(
    await openapiTS(await readFile('docs/openapi.json', 'utf8'), { defaultNonNullable: false }),
  );
  await writeFile(join(directory, 'api.ts'), types);
  await writeFile(join(directory, 'package.json'), JSON.stringify({ type: 'module' }));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test('its types hold the app to the document, and let nothing wrong pass', async () => {
  const compilerOptions = {
    strict: true,
    allowJs: true,
    checkJs: true,
    noEmit: true,
    target: 'es2022',
    lib: ['es2022', 'dom', 'dom.iterable'],
    module: 'nodenext',
    allowImportingTsExtensions: true,
    types: ['node'],
    skipLibCheck: true,
  };
  await writeFile(
    join(directory, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['app.js', 'wrong.js', 'api.ts'] }),
  );
  const tsc = resolve('node_modules/typescript/bin/tsc');
  const { stdout } = await run(process.execPath, [tsc, '-p', directory]).catch((error: { stdout: string }) => error);
  expect(stdout).toBe('');
});

test('it creates, shows and cancels a run', async () => {
  await using world = await startWorld();
  const { stdout } = await run(process.execPath, [join(directory, 'app.js'), world.app.url ?? '']);
  const seen = JSON.parse(stdout);
  expect(seen).toMatchObject({
    shown: seen.created,
    epochs: '1',
    cancelled: { http: 200, status: 'cancelled', receipt: { state: 'confirmed', reason: 'seen enough' } },
    applied: 'wait=120',
    unknown: { http: 404, detail: `Finetuning not found: ${'f'.repeat(24)}` },
  });
});

test('the server gives the document out, and shows it at /docs under the policy of the page', async () => {
  await using world = await startWorld();
  const { version, ...served } = Object((await world.request('GET', '/openapi.json')).body).info;
  const { version: _, ...kept } = JSON.parse(await readFile('docs/openapi.json', 'utf8')).info;
  expect(served).toEqual(kept);
  expect(version).toBe('test');
  expect((await world.request('GET', '/')).body).toMatchObject({ openapi: 'openapi.json', docs: 'docs' });
  const page = await fetch(`${world.app.url}/docs`);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
});

/** Every `detail` among the examples of the document. */
async function documentedDetails(): Promise<unknown[]> {
  const found: unknown[] = [];
  JSON.parse(await readFile('docs/openapi.json', 'utf8'), (key, value) => {
    if (key === 'value' && value?.detail) found.push(withoutIds(value.detail));
    return value;
  });
  return found;
}

const withoutIds = (detail: unknown): unknown => JSON.parse(JSON.stringify(detail).replaceAll(/[0-9a-f]{24}/g, '<id>'));

test('what it is refused with is what the document has as examples, word for word', async () => {
  await using world = await startWorld();
  await using locked = await startWorld({ env: { ADMIN_API_KEY: 'a-secret-of-the-test' } });
  const [run, succeeded, failed] = [
    await world.create(),
    await world.createIn('succeeded'),
    await world.createIn('failed'),
  ];
  const path = '/api/v1/finetunings';
  const headers = { 'idempotency-key': 'once' };
  const { connection } = await world.seed();
  await world.request('POST', path, { db_connection_id: connection.id }, headers);

  const refused: [status: number, answer: Answer][] = [
    [400, await world.cancel(run.id, { finetuning_id: 'a'.repeat(24) })],
    [400, await world.cancel(succeeded.id)],
    [400, await world.cancel(failed.id)],
    [401, await locked.request('GET', path)],
    [403, await world.request('GET', path, undefined, { origin: 'https://elsewhere.org' })],
    [404, await world.request('GET', `${path}/${'a'.repeat(24)}`)],
    [404, await world.request('DELETE', `/api/v1/golden-sqls/${'a'.repeat(24)}`)],
    [404, await world.request('POST', path, { db_connection_id: 'a'.repeat(24) })],
    [409, await world.request('POST', path, { db_connection_id: connection.id, alias: 'other' }, headers)],
    [413, await world.request('POST', '/api/v1/golden-sqls', 'x'.repeat(33 * 1024 * 1024))],
    [422, await world.request('POST', path)],
    [422, await world.request('POST', path, {})],
  ];
  const known = await documentedDetails();
  for (const [status, answer] of refused) {
    expect(answer.status).toBe(status);
    expect(known).toContainEqual(withoutIds(Object(answer.body).detail));
  }
  expect(refused.find(([status]) => status === 401)?.[1].headers.get('www-authenticate')).toBe('Bearer');
});
