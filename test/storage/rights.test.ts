// The role of DATABASE_URL needs rights only for what there is to do, and a start that fails for want of one names it.
import { expect, test } from 'vitest';
import { createDatabase, type TestDatabase } from '../postgres/database.ts';
import { execute } from '../postgres/execute.ts';
import { prepareDatabase } from '../prepare.ts';
import { startWorld } from '../world.ts';
import { expectContract } from './contract.ts';

const EMPTY =
  'DROP SCHEMA public, drizzle, pgboss CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC';

/** The address of a role that may connect, and nothing else; it is dropped with what it owns. */
async function roleOf(database: TestDatabase) {
  const url = new URL(database.url);
  const name = `${url.pathname.slice(1)}_app`;
  await execute(
    database.url,
    `CREATE ROLE ${name} LOGIN PASSWORD 'correct horse'; REVOKE TEMPORARY ON DATABASE ${url.pathname.slice(1)} FROM PUBLIC`,
  );
  url.username = name;
  url.password = 'correct horse';
  return {
    name,
    url: url.href,
    async [Symbol.asyncDispose]() {
      await execute(database.url, `DROP OWNED BY ${name} CASCADE; DROP ROLE ${name}`);
    },
  };
}

const failure = (url: string) =>
  prepareDatabase({ url }).then(
    () => 'it started',
    (error: unknown) => String(error),
  );

test('a role without CREATE on the database could not start though its schemas exist', async () => {
  await using database = await createDatabase();
  await using role = await roleOf(database);
  await execute(
    database.url,
    `${EMPTY}; CREATE SCHEMA drizzle AUTHORIZATION ${role.name}; CREATE SCHEMA pgboss AUTHORIZATION ${role.name};
     GRANT ALL ON SCHEMA public TO ${role.name}`,
  );
  await using world = await startWorld({ env: { DATABASE_URL: role.url } });
  await expectContract(world);
});

test('a role that may change rows only can start where the tables are up to date', async () => {
  await using database = await createDatabase();
  await using role = await roleOf(database);
  await execute(
    database.url,
    ['public', 'drizzle', 'pgboss']
      .map(
        (schema) =>
          `GRANT USAGE ON SCHEMA ${schema} TO ${role.name};
           GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${role.name}`,
      )
      .join(';'),
  );
  await using world = await startWorld({ env: { DATABASE_URL: role.url } });
  await expectContract(world);
});

test('a start that lacks rights did not say which: each grant that it names leads one step on, and in the end it starts', async () => {
  await using database = await createDatabase();
  await using role = await roleOf(database);
  const name = new URL(database.url).pathname.slice(1);
  await execute(database.url, EMPTY);
  expect(await failure(role.url)).toBe(
    `Error: goldtune cannot use the database of DATABASE_URL: permission denied for database ${name}; to mend it: ` +
      `GRANT CREATE ON DATABASE ${name} TO ${role.name}; GRANT USAGE, CREATE ON SCHEMA public TO ${role.name}`,
  );
  await execute(database.url, `GRANT CREATE ON DATABASE ${name} TO ${role.name}`);
  expect(await failure(role.url)).toContain(
    `permission denied for schema public; to mend it: GRANT USAGE, CREATE ON SCHEMA public TO ${role.name}`,
  );
  await execute(database.url, `GRANT USAGE, CREATE ON SCHEMA public TO ${role.name}`);
  expect(await failure(role.url)).toBe('it started');
});

test('a role that lacks a right on rows is told at the start, not at the first write', async () => {
  await using database = await createDatabase();
  await using role = await roleOf(database);
  const granted = ['drizzle', 'pgboss'].map(
    (schema) =>
      `GRANT USAGE ON SCHEMA ${schema} TO ${role.name};
       GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${role.name}`,
  );
  // A table of somebody else in the same schema is none of ours.
  await execute(database.url, 'CREATE TABLE somebody_elses (id int)');
  await execute(database.url, `${granted.join(';')}; GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role.name}`);
  const said = await failure(role.url);
  expect(said).toMatch(/may not use all tables; to mend it: GRANT .*; GRANT /);
  expect(said).toMatch(/GRANT SELECT, INSERT, UPDATE ON public\.api_keys, /);
  expect(said).toMatch(
    /GRANT SELECT, INSERT, UPDATE, DELETE ON public\.invitations, [^;]*public\.webhook_deliveries TO /,
  );
  await execute(database.url, said.replace(/^.*to mend it: /, ''));
  expect(await failure(role.url)).toBe('it started');
});

test('a role that may not even connect is told so', async () => {
  await using database = await createDatabase();
  await using role = await roleOf(database);
  const name = new URL(database.url).pathname.slice(1);
  await execute(database.url, `REVOKE CONNECT ON DATABASE ${name} FROM PUBLIC`);
  const said = await failure(role.url);
  expect(said).toContain(`permission denied for database "${name}"`);
  expect(said).toContain(`to mend it: GRANT CONNECT ON DATABASE "${name}" TO "${role.name}"`);
  expect(said).not.toMatch(/correct|horse/);
});
