// A walk over every door: each route and each procedure, asked by whoever may not, by who may, and by another organization.
import { expect, test } from 'vitest';
import { invitations, members } from '../../drizzle/people.ts';
import { apiKeys, dbConnections, finetunings, goldenRecords, organizations } from '../../drizzle/schema.ts';
import { webhookEndpoints } from '../../drizzle/webhook-tables.ts';
import { keysFor } from '../../server/access/keys.ts';
import { type Role, scopesOf } from '../../server/finetuning/people.ts';
import type { Scope } from '../../server/finetuning/principal.ts';
import { DEFAULT_ORGANIZATION } from '../../server/finetuning/record.ts';
import { keyStore } from '../../server/storage/api-keys.ts';
import { startWorld, type World } from '../world.ts';
import { type IdsFor, idsIn } from './budget/parts.ts';
import { doors } from './doors.ts';
import { administrator, Browser, PASSWORD, PUBLIC_URL, peopleEnv, tokenOf } from './people/browser.ts';

const ADMIN_API_KEY = 'a-secret-of-the-test';
const OTHER = 'f'.repeat(24);
const UNKNOWN_ID = 'a'.repeat(24);

/** What each door asks for. Whoever adds one decides that here; nothing: any key opens it. */
const needed: Record<string, readonly Scope[]> = {
  'POST /api/v1/finetunings': ['run'],
  'GET /api/v1/finetunings': ['read'],
  'GET /api/v1/finetunings/{finetuning_id}': ['read'],
  'PUT /api/v1/finetunings/{finetuning_id}': ['run'],
  'POST /api/v1/finetunings/{finetuning_id}/cancel': ['cancel'],
  'DELETE /api/v1/finetunings/{finetuning_id}': ['run', 'cancel'],
  'GET /api/v1/finetunings/{finetuning_id}/events': ['read'],
  'GET /api/v1/finetunings/{finetuning_id}/logs': ['read'],
  'POST /api/v1/bulk-cancels': ['cancel'],
  'GET /api/v1/bulk-cancels': ['read'],
  'GET /api/v1/bulk-cancels/{id}': ['read'],
  'GET /api/v1/bulk-cancels/{id}/runs': ['read'],
  'POST /api/v1/golden-sqls': ['run'],
  'GET /api/v1/golden-sqls': ['read'],
  'GET /api/v1/golden-sqls/{id}': ['read'],
  'DELETE /api/v1/golden-sqls/{id}': ['run'],
  'POST /api/v1/database-connections': ['run'],
  'GET /api/v1/database-connections': ['read'],
  'GET /api/v1/database-connections/{id}': ['read'],
  'PUT /api/v1/database-connections/{id}': ['run'],
  'DELETE /api/v1/database-connections/{id}': ['run'],
  'GET /api/v1/providers': ['read'],
  'POST /api/v1/keys': ['admin'],
  'GET /api/v1/keys': ['admin'],
  'POST /api/v1/keys/{id}/rotate': ['admin'],
  'DELETE /api/v1/keys/{id}': ['admin'],
  'POST /api/v1/webhook-endpoints': ['admin'],
  'GET /api/v1/webhook-endpoints': ['admin'],
  'GET /api/v1/webhook-endpoints/{id}': ['admin'],
  'PUT /api/v1/webhook-endpoints/{id}': ['admin'],
  'DELETE /api/v1/webhook-endpoints/{id}': ['admin'],
  'POST /api/v1/webhook-endpoints/{id}/rotate-secret': ['admin'],
  'POST /api/v1/webhook-endpoints/{id}/ping': ['admin'],
  'GET /api/v1/webhook-endpoints/{id}/deliveries': ['admin'],
  'POST /api/v1/webhook-endpoints/{id}/deliveries/{delivery_id}/redeliver': ['admin'],
  'GET /api/v1/audit': ['admin'],
  'GET /api/v1/people': ['admin'],
  'PUT /api/v1/people/{id}': ['admin'],
  'DELETE /api/v1/people/{id}': ['admin'],
  'POST /api/v1/invitations': ['admin'],
  'GET /api/v1/invitations': ['admin'],
  'DELETE /api/v1/invitations/{id}': ['admin'],
  'GET /api/v1/me': [],
  'GET /api/v1/heartbeat': [],
  'finetunings.create': ['run'],
  'finetunings.get': ['read'],
  'finetunings.list': ['read'],
  'finetunings.update': ['run'],
  'finetunings.cancel': ['cancel'],
  'finetunings.cancelMany': ['cancel'],
  'finetunings.bulkCancel': ['cancel'],
  'finetunings.delete': ['run', 'cancel'],
  'finetunings.events': ['read'],
  'finetunings.logs': ['read'],
  'finetunings.watch': ['read'],
  'bulkCancels.get': ['read'],
  'bulkCancels.list': ['read'],
  'bulkCancels.runs': ['read'],
  'goldenRecords.add': ['run'],
  'goldenRecords.get': ['read'],
  'goldenRecords.list': ['read'],
  'goldenRecords.delete': ['run'],
  'dbConnections.create': ['run'],
  'dbConnections.get': ['read'],
  'dbConnections.list': ['read'],
  'dbConnections.update': ['run'],
  'dbConnections.delete': ['run'],
  'providers.list': ['read'],
  'keys.create': ['admin'],
  'keys.list': ['admin'],
  'keys.rotate': ['admin'],
  'keys.revoke': ['admin'],
  'people.list': ['admin'],
  'people.invite': ['admin'],
  'people.setRole': ['admin'],
  'people.remove': ['admin'],
  'people.invitations': ['admin'],
  'people.revokeInvitation': ['admin'],
  'me.get': [],
  'webhookEndpoints.create': ['admin'],
  'webhookEndpoints.get': ['admin'],
  'webhookEndpoints.list': ['admin'],
  'webhookEndpoints.update': ['admin'],
  'webhookEndpoints.rotateSecret': ['admin'],
  'webhookEndpoints.delete': ['admin'],
  'webhookEndpoints.ping': ['admin'],
  'webhookEndpoints.deliveries': ['admin'],
  'webhookEndpoints.redeliver': ['admin'],
  'audit.list': ['admin'],
};

test('each door says here what it asks for, and no line is of a door that is gone', () => {
  expect(Object.keys(needed).toSorted()).toEqual(doors.map(({ name }) => name).toSorted());
});

/** @param scopes null: nobody, who is answered with `refused` */
type Caller = { name: string; headers: Record<string, string>; scopes: readonly Scope[] | null; refused?: 401 | 403 };

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const nothing = {
  ...{ id: UNKNOWN_ID, finetuning_id: UNKNOWN_ID, ids: [UNKNOWN_ID] },
  ...{ db_connection_id: UNKNOWN_ID, delivery_id: UNKNOWN_ID },
};

/** With things of the default organization in it, and keys of all kinds. */
async function guardedWorld(): Promise<{ world: World & AsyncDisposable; idsFor: IdsFor }> {
  // Its minutes pass quickly: there are more doors than wrong keys may be tried at in one.
  let now = Date.now();
  const countedBy = () => {
    now += 2000;
    return new Date(now).toISOString();
  };
  const world = await startWorld({ countedBy });
  const idsFor = await idsIn(world);
  await world.app.db.insert(organizations).values({ id: OTHER, name: 'other', created_at: new Date().toISOString() });
  await world.stop();
  Object.assign(world.env, peopleEnv, { ADMIN_API_KEY });
  await world.start();
  return { world, idsFor };
}

async function keyOf(world: World, scopes: readonly Scope[], organization_id = DEFAULT_ORGANIZATION) {
  const now = () => new Date().toISOString();
  const principal = { organization_id, who: 'key', id: 'admin', name: 'admin', scopes: ['admin'] } as const;
  const keys = keysFor(keyStore(world.app.db), now, () => {}, principal);
  const name = scopes.join(' and ');
  return { keys, made: await keys.create({ name, scopes, expires_at: null }) };
}

/** Somebody with that role, signed in. */
async function person(world: World, ada: Browser, role: Role): Promise<Browser> {
  const email = `${role}@example.com`;
  const { body } = await world.request('POST', '/api/v1/invitations', { email, role }, ada.headers);
  const browser = new Browser(world.app.url);
  const token = tokenOf(Object(body).link);
  await browser.post('/auth/invitation', { token, name: role, email, password: PASSWORD });
  return browser;
}

test('no door opens without a key or a cookie, with one that opens nothing any more, from a foreign page, or for who lacks what it asks for', async () => {
  const { world: opened } = await guardedWorld();
  await using world = opened;
  const callers: Caller[] = [];
  for (const scopes of [['read'], ['run'], ['cancel'], ['read', 'run', 'cancel'], ['admin']] as const) {
    const { made } = await keyOf(world, scopes);
    callers.push({ name: made.name, headers: bearer(made.key), scopes });
  }
  const revoked = await keyOf(world, ['admin']);
  await revoked.keys.revoke(revoked.made.id);
  const expired = await keyOf(world, ['admin']);
  await expired.keys.rotate(expired.made.id, 0);
  callers.push(
    { name: 'nobody', headers: {}, scopes: null },
    { name: 'a key that was made up', headers: bearer('goldtune_'.padEnd(52, 'x')), scopes: null },
    { name: 'a revoked key', headers: bearer(revoked.made.key), scopes: null },
    { name: 'an expired key', headers: bearer(expired.made.key), scopes: null },
  );

  const ada = await administrator(world);
  const viewer = await person(world, ada, 'viewer');
  const member = await person(world, ada, 'member');
  const gone = await person(world, ada, 'operator');
  const { headers: signedOut } = gone;
  await gone.post('/auth/sign-out', {});
  const { cookie } = ada;
  callers.push(
    { name: 'a cookie of an administrator', headers: ada.headers, scopes: ['admin'] },
    { name: 'a cookie of a viewer', headers: viewer.headers, scopes: scopesOf('viewer') },
    { name: 'a cookie of a member', headers: member.headers, scopes: scopesOf('member') },
    { name: 'a cookie that is signed out', headers: signedOut, scopes: null },
    { name: 'a cookie that was made up', headers: { ...ada.headers, cookie: madeUp(cookie) }, scopes: null },
    ...['https://evil.example', 'null', 'http://localhost:5173', `${PUBLIC_URL}:444`].map(
      (origin): Caller => ({
        ...{ name: `a cookie from a page of ${origin}`, headers: { cookie, origin }, scopes: null, refused: 403 },
      }),
    ),
    { name: 'a cookie from nowhere', headers: { cookie }, scopes: null, refused: 403 },
    {
      ...{ name: 'a cookie that another site brings', scopes: null, refused: 403 },
      headers: { cookie, 'sec-fetch-site': 'cross-site' },
    },
  );

  for (const { name, group, knock } of doors) {
    for (const caller of callers) {
      const { status, reason, text } = await knock(world, nothing, caller.headers);
      const lacks = (needed[name] ?? []).filter(
        (scope) => !caller.scopes?.includes('admin') && !caller.scopes?.includes(scope),
      );
      const about = { door: name, group, caller: caller.name };
      if (caller.scopes === null) {
        expect({ ...about, status }).toEqual({ ...about, status: caller.refused ?? 401 });
      } else if (lacks.length > 0) {
        expect({ ...about, status, text }).toEqual({
          ...about,
          status: 403,
          text: expect.stringContaining(`may ${caller.scopes.join(', ')}; this needs ${lacks.join(' and ')} as well.`),
        });
        if (!name.includes('/')) expect({ ...about, reason }).toEqual({ ...about, reason: 'scope_missing' });
      } else {
        const isIn = status < 500 && status !== 401 && status !== 403;
        expect({ ...about, status, isIn }).toEqual({ ...about, status, isIn: true });
      }
    }
  }
});

test('behind each door another organization finds nothing of ours, and changes nothing', async () => {
  const { world: opened, idsFor } = await guardedWorld();
  await using world = opened;
  const { made } = await keyOf(world, ['admin'], OTHER);
  const ada = await administrator(world);
  const hedy = { email: 'hedy@example.com', role: 'viewer' };
  const invitation = await world.request('POST', '/api/v1/invitations', hedy, ada.headers);
  const me = await world.request('GET', '/api/v1/me', undefined, ada.headers);
  const { id: invited } = Object(invitation.body);
  const { id: person } = Object(me.body);
  const before = await ours(world);
  let named = 0;
  for (const { name, group, names, knock } of doors) {
    const ofPeople = ['people', 'invitations'].includes(group);
    const ids = ofPeople ? { id: /invitation/i.test(name) ? invited : person } : idsFor(group, false);
    const { status, text } = await knock(world, ids, bearer(made.key));
    const isNamed = names(ids);
    named += Number(isNamed);
    // Of many, each by itself: it is not found, or is unknown.
    const isRefused = status >= 400 || (isNamed && /"reason":"not_found"|"unknown":1/.test(text));
    const isForbidden = status === 401 || status === 403 || status >= 500;
    expect({ door: name, status, isRefused, isForbidden, told: /books|hedy|Ada/.test(text) }).toEqual({
      door: name,
      status,
      isRefused: isNamed,
      isForbidden: false,
      told: false,
    });
  }
  // A walk that names nothing would find nothing.
  expect(named).toBeGreaterThan(25);
  expect(await ours(world)).toEqual(before);
});

/** The same session, signed by somebody else. */
const madeUp = (cookie: string): string =>
  cookie.replace(/(?<=\.)[\w%]{44,}$/, encodeURIComponent(Buffer.alloc(32, 7).toString('base64')));

/** What there is of the default organization, but for what goes on by itself. */
async function ours({ app }: World) {
  const ofUs = <T extends { organization_id: string }>(rows: T[]): T[] =>
    rows.filter(({ organization_id }) => organization_id === DEFAULT_ORGANIZATION);
  return {
    runs: ofUs(await app.db.select().from(finetunings)).map(({ id, intent, alias, metadata, deleted_at }) => ({
      ...{ id, intent, alias, metadata, deleted_at },
    })),
    connections: ofUs(await app.db.select().from(dbConnections)),
    records: ofUs(await app.db.select().from(goldenRecords)),
    keys: ofUs(await app.db.select().from(apiKeys)),
    members: ofUs(await app.db.select().from(members)),
    invitations: ofUs(await app.db.select().from(invitations)),
    endpoints: ofUs(await app.db.select().from(webhookEndpoints)),
  };
}
