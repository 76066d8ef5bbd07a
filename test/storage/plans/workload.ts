// Everything a service does with its database, once: each operation of the API, and what goes on behind it.

import type { App } from '../../../server/app.ts';
import { statuses } from '../../../server/finetuning/lifecycle/state.ts';
import { administrator, Browser, PASSWORD, tokenOf } from '../../api/people/browser.ts';
import { until } from '../../until.ts';
import {
  bigActor,
  bigConnection,
  bigEndpoint,
  commonModel,
  otherActor,
  otherModel,
  unknownModel,
} from './big-tables.ts';

type Body = object | undefined;

const named = { email: 'grace@example.org', password: PASSWORD };

/** What is in use is not deleted, and the sandbox shows no logs. */
const isRefused = (method: string, path: string, ids: Record<string, string>) =>
  (method === 'delete' && ids['id'] === bigConnection) || path.endsWith('/logs');

/** @returns the operations that were asked for, as `METHOD path` */
export async function useEverything({ url, firstAdministratorLink }: App): Promise<ReadonlySet<string>> {
  const asked = new Set<string>();
  const ada = await administrator({ app: { url, firstAdministratorLink } }, 'ada@example.org');

  async function ask(method: string, path: string, ids: Record<string, string> = {}, body?: Body, query = '') {
    asked.add(`${method} ${path}`);
    const place = path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? '');
    const response = await fetch(`${url}/api/v1${place}${query}`, {
      method: method.toUpperCase(),
      headers: {
        ...ada.headers,
        ...(body ? { 'content-type': 'application/json' } : {}),
        'idempotency-key': `${method} ${path}`,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (response.status >= 400 && !isRefused(method, path, ids))
      throw new Error(`${method} ${place}: ${response.status} ${text}`);
    return response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
  }
  const reached = (id: string, isReached: (run: { finetuning_job_id: string | null; status: string }) => boolean) =>
    until(async () => isReached(await ask('get', '/finetunings/{finetuning_id}', { finetuning_id: id })), 'it goes on');

  await ask('get', '/heartbeat');
  await ask('get', '/providers');
  const key = await ask('post', '/keys', {}, { name: 'ci', scopes: ['read'] });
  await ask('get', '/keys');
  await ask('get', '/keys', {}, undefined, `?after=${key.id}`);
  await ask('post', '/keys/{id}/rotate', key, {});
  await fetch(`${url}/api/v1/heartbeat`, { headers: { authorization: `Bearer ${key.key}` } });
  await ask('delete', '/keys/{id}', key);
  const { id } = await ask('post', '/database-connections', {}, { alias: 'library' });
  await ask('put', '/database-connections/{id}', { id }, { alias: 'books' });
  await ask('get', '/database-connections/{id}', { id });
  await ask('get', '/database-connections');
  await ask('get', '/database-connections', {}, undefined, `?after=${id}`);
  await ask('delete', '/database-connections/{id}', { id: bigConnection });
  const spare = await ask('post', '/database-connections', {}, { alias: 'spare' });
  await ask('delete', '/database-connections/{id}', { id: spare.id });

  const records = Array.from({ length: 12 }, (_, index) => ({
    prompt_text: `question ${index}`,
    sql: `SELECT ${index}`,
    db_connection_id: id,
  }));
  const [first] = await ask('post', '/golden-sqls', {}, records);
  await ask('get', '/golden-sqls/{id}', first);
  for (const query of [
    '',
    `?after=${first.id}`,
    `?db_connection_id=${bigConnection}`,
    `?db_connection_id=${id}`,
    '?page=2',
  ])
    await ask('get', '/golden-sqls', {}, undefined, query);

  const input = { db_connection_id: id };
  const run = await ask('post', '/finetunings', {}, input);
  await ask('post', '/finetunings', {}, input);
  await reached(run.id, (seen) => seen.finetuning_job_id !== null);
  const ids = { finetuning_id: run.id, id: run.id };
  await ask('put', '/finetunings/{finetuning_id}', ids, { alias: 'mine' });
  await ask('get', '/finetunings/{finetuning_id}/events', ids);
  await ask('get', '/finetunings/{finetuning_id}/logs', ids);
  const reading = new AbortController();
  const stream = await fetch(`${url}/api/v1/finetunings/${run.id}/events`, {
    headers: { ...ada.headers, accept: 'text/event-stream' },
    signal: reading.signal,
  });
  await stream.body?.getReader().read();
  await ask('post', '/finetunings/{finetuning_id}/cancel', ids);
  await reached(run.id, ({ status }) => status === 'cancelled');
  reading.abort();
  const where = { db_connection_id: id };
  await ask('post', '/bulk-cancels', {}, { where, dry_run: true });
  const bulk = await ask('post', '/bulk-cancels', {}, { where, reason: 'all of it' });
  await ask('get', '/bulk-cancels');
  await ask('get', '/bulk-cancels', {}, undefined, `?after=${bulk.id}`);
  await ask('get', '/bulk-cancels/{id}', bulk);
  await ask('get', '/bulk-cancels/{id}/runs', bulk);
  await ask('get', '/bulk-cancels/{id}/runs', bulk, undefined, `?after=${run.id}`);
  await ask('delete', '/golden-sqls/{id}', first);
  await ask('delete', '/finetunings/{finetuning_id}', ids);

  await ask('get', '/me');
  const { link } = await ask('post', '/invitations', {}, { email: 'grace@example.org', role: 'viewer' });
  const grace = new Browser(url);
  await grace.get(link);
  await grace.post('/auth/invitation', { token: tokenOf(link), name: 'Grace', ...named });
  await grace.post('/auth/sign-out', {});
  await grace.signIn(named.email);
  await grace.get('/auth/account');
  const [person] = await ask('get', '/people');
  await ask('get', '/people', {}, undefined, `?after=${person.id}`);
  await ask('put', '/people/{id}', person, { role: 'operator' });
  await ask('delete', '/people/{id}', person);
  const revoked = await ask('post', '/invitations', {}, { email: 'hedy@example.org', role: 'viewer' });
  await ask('get', '/invitations');
  await ask('get', '/invitations', {}, undefined, `?after=${revoked.id}`);
  await ask('delete', '/invitations/{id}', revoked);

  const endpoint = await ask('post', '/webhook-endpoints', {}, { url: 'https://localhost:1/' });
  await ask('put', '/webhook-endpoints/{id}', endpoint, { description: 'of nobody' });
  await ask('get', '/webhook-endpoints/{id}', endpoint);
  await ask('get', '/webhook-endpoints', {}, undefined, `?after=${endpoint.id}`);
  await ask('post', '/webhook-endpoints/{id}/rotate-secret', endpoint);
  await ask('post', '/webhook-endpoints/{id}/ping', { id: bigEndpoint });
  const big = { id: bigEndpoint };
  const [told] = await ask('get', '/webhook-endpoints/{id}/deliveries', big);
  await ask('get', '/webhook-endpoints/{id}/deliveries', big, undefined, `?after=${told.id}`);
  await ask('get', '/webhook-endpoints/{id}/deliveries', endpoint);
  await ask('post', '/webhook-endpoints/{id}/deliveries/{delivery_id}/redeliver', { ...big, delivery_id: told.id });
  await ask('delete', '/webhook-endpoints/{id}', endpoint);

  for (const query of auditFilters(run.id)) {
    const [newest] = await ask('get', '/audit', {}, undefined, `?${query}`);
    await ask('get', '/audit', {}, undefined, `?${query}&after=${newest?.id ?? 'f'.repeat(44)}`);
  }

  for (const query of filters(id)) {
    const [newest] = await ask('get', '/finetunings', {}, undefined, `?${query}`);
    await ask('get', '/finetunings', {}, undefined, `?${query}&after=${newest?.id ?? run.id}`);
  }
  return asked;
}

/** As those of runs. @param few the id of a run that a few events are of */
function auditFilters(few: string): string[] {
  const runs = ['', `&finetuning_id=${few}`];
  const actors = ['', ...[bigActor, otherActor, 'local', 'nobody'].map((by) => `&by=${by}`)];
  const types = ['', '&type=created', '&type=updated', '&type=delete_requested', '&type=golden_records_added'];
  const times = ['', '&since=2100-01-01T00:00:00Z', '&until=2000-01-01T00:00:00Z'];
  return runs.flatMap((one) =>
    actors.flatMap((two) => types.flatMap((three) => times.map((four) => `limit=100${one}${two}${three}${four}`))),
  );
}

/** Each filter alone and with each other, with many that match, with few, and with none. */
function filters(few: string): string[] {
  const connections = ['', `&db_connection_id=${bigConnection}`, `&db_connection_id=${few}`];
  const models = ['', ...[commonModel, otherModel, unknownModel].map((model) => `&model=${model}`)];
  const ofStatus = ['', ...statuses.map((status) => `&status=${status}`)];
  return connections.flatMap((one) =>
    models.flatMap((two) => ofStatus.map((three) => `limit=100${one}${two}${three}`)),
  );
}
