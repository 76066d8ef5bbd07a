// Clients of the original service, which send every field they have and count pages.
import { describe, expect, test } from 'vitest';
import { dbConnections } from '../../drizzle/schema.ts';
import { bodyOf, startWorld, type World } from '../world.ts';

const idsOf = (body: unknown) => Object.values(Object(body)).map((item) => String(Object(item).id));

describe('a field that was not set is sent as null, and means left out', () => {
  test.each([
    { base_llm: null },
    { base_llm: { model_provider: null, model_name: null, model_parameters: null } },
    { base_llm: { model_parameters: { n_epochs: null, batch_size: null, learning_rate_multiplier: null } } },
    { alias: null, golden_sqls: null, metadata: null },
  ])('in a finetuning: %j', async (fields) => {
    await using world = await startWorld();
    const { connection } = await world.seed();
    const body = { db_connection_id: connection.id, ...fields };
    expect(bodyOf(await world.request('POST', '/api/v1/finetunings', body), 201)).toMatchObject({
      alias: null,
      base_llm: {
        model_provider: 'openai',
        model_name: 'gpt-4.1-mini',
        model_parameters: { n_epochs: 3, batch_size: 1, learning_rate_multiplier: 'auto' },
      },
    });
  });

  test('in a database connection', async () => {
    await using world = await startWorld();
    const body = { alias: 'library', dialect: null, schema_sql: null, metadata: null };
    expect(bodyOf(await world.request('POST', '/api/v1/database-connections', body), 201)).toMatchObject({
      dialect: 'postgresql',
      schema_sql: '',
    });
  });
});

describe('fields that goldtune has no use for are taken by name, and the answer says that they were ignored', () => {
  const published = {
    use_ssh: true,
    connection_uri: 'postgresql+psycopg2://me:secret@db.internal/library',
    schemas: ['public'],
    path_to_credentials_file: '/credentials.json',
    llm_api_key: 'sk-of-the-client',
    ssh_settings: { host: 'bastion', username: 'me', password: 'secret' },
    file_storage: { name: 'S3', access_key_id: 'id', secret_access_key: 'secret', bucket: 'b' },
    id: null,
  };
  const named = Object.keys(published).filter((name) => name !== 'id');
  const namesOf = (body: unknown) => Object(body).warnings.map((warning: string) => warning.split(' was ignored: ')[0]);

  test('in a database connection, when it is added and when it is changed', async () => {
    await using world = await startWorld();
    const path = '/api/v1/database-connections';
    const body = { alias: 'library', dialect: 'mysql', metadata: { team: 'a' }, ...published };
    const made = bodyOf(await world.request('POST', path, body), 201);
    expect(made).toMatchObject({ alias: 'library', dialect: 'mysql', metadata: { team: 'a' } });
    expect(namesOf(made)).toEqual(named);
    const changed = bodyOf(await world.request('PUT', `${path}/${made['id']}`, { ...published, alias: 'other' }), 200);
    expect(changed).toMatchObject({ alias: 'other', dialect: 'mysql' });
    expect(namesOf(changed)).toEqual(named);

    const shown = bodyOf(await world.request('GET', `${path}/${made['id']}`), 200);
    const fields = ['alias', 'created_at', 'dialect', 'id', 'metadata', 'schema_sql', 'sql_checked', 'updated_at'];
    expect(Object.keys(shown).toSorted()).toEqual(fields);
    const [row] = await world.app.db.select().from(dbConnections);
    expect(JSON.stringify(row)).not.toMatch(/secret|sk-of-the-client|bastion|credentials/);
  });

  test('in a finetuning', async () => {
    await using world = await startWorld();
    const { connection } = await world.seed();
    const body = { db_connection_id: connection.id, schemas: ['public'] };
    const run = bodyOf(await world.request('POST', '/api/v1/finetunings', body), 201);
    expect(namesOf(run)).toEqual(['schemas']);
    const unset = bodyOf(await world.request('POST', '/api/v1/finetunings', { ...body, schemas: null }), 201);
    expect(unset).not.toHaveProperty('warnings');
  });

  test('but another name that is not known is refused beside them, without a guess at one that is ignored', async () => {
    await using world = await startWorld();
    const body = { ...published, alias: 'library', connection_url: 'x' };
    const answer = await world.request('POST', '/api/v1/database-connections', body);
    expect(answer).toMatchObject({ status: 422, body: { detail: [{ loc: ['body', 'connection_url'] }] } });
    expect(JSON.stringify(answer.body)).not.toContain('connection_uri');
  });
});

describe('golden records are read by the number of the page', () => {
  const pageOf = (world: World, query: string) => world.request('GET', `/api/v1/golden-sqls?${query}`);

  test('from 1, until one is empty: each record comes once', async () => {
    await using world = await startWorld();
    const { connection, records } = await world.seed(5);
    await world.seed(1);
    const seen: string[] = [];
    for (let page = 1; page < 10; page++) {
      const { body } = await pageOf(world, `page=${page}&limit=2&db_connection_id=${connection.id}`);
      if (idsOf(body).length === 0) break;
      seen.push(...idsOf(body));
    }
    expect(seen).toEqual(records.map(({ id }) => id).toReversed());
  });

  test('a limit as large as numbers go counts as the largest page, whose Link leads to the rest', async () => {
    await using world = await startWorld();
    const { connection } = await world.seed(1);
    await world.trpc.goldenRecords.add.mutate(
      Array.from({ length: 1001 }, (_, index) => ({
        prompt_text: `question ${index}`,
        sql: `SELECT ${index}`,
        db_connection_id: connection.id,
      })),
    );
    const first = await pageOf(world, 'page=1&limit=9223372036854775807');
    expect([first.status, idsOf(first.body).length]).toEqual([200, 1000]);
    const next = /^<(.+)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const linked = await world.request('GET', `/api/v1/golden-sqls${next}`);
    const second = await pageOf(world, 'page=2&limit=9223372036854775807');
    expect(idsOf(second.body)).toHaveLength(2);
    expect(idsOf(linked.body)).toEqual(idsOf(second.body));
    expect(await pageOf(world, 'page=3&limit=9223372036854775807')).toMatchObject({ status: 200, body: [] });
  });

  test('what cannot be a page is refused by name', async () => {
    await using world = await startWorld();
    for (const [query, field] of [
      [`page=1&after=${'a'.repeat(24)}`, 'page'],
      ['page=0', 'page'],
      ['page=1.5', 'page'],
      ['page=1000000001', 'page'],
      ['limit=0', 'limit'],
      ['limit=1.5', 'limit'],
      ['limit=many', 'limit'],
    ]) {
      const answer = await pageOf(world, query ?? '');
      expect(answer, query).toMatchObject({ status: 422, body: { detail: [{ loc: ['query', field] }] } });
    }
  });
});
