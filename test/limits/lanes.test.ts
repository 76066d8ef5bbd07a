// Which lane a request is in, told from its address: what stops something is never counted with anything else.
import { TRPCError } from '@trpc/server';
import { expect, test } from 'vitest';
import { type Lane, RateLimited, tooMany } from '../../server/finetuning/limits.ts';
import { callsIn } from '../../server/http/lanes.ts';
import { limitHeaders } from '../../server/http/limit-headers.ts';
import { routes } from '../../server/http/rest/routes.ts';
import { appRouter } from '../../server/http/trpc/router.ts';

const asked = (method: string, path: string) =>
  Object.fromEntries(callsIn(new Request(`http://127.0.0.1${path}`, { method })));

test('each procedure is counted in the lane whose refusal it heeds', async () => {
  const standing = { policy: 'calls', most: 60, left: 0, window_s: 60, reset_s: 1 } as const;
  const principal = { organization_id: 'a', who: 'key', id: 'ci', name: 'ci', scopes: ['admin'] } as const;
  const refused = async (path: string, lane: Lane) => {
    const refusals = new Map([[lane, tooMany(principal, lane, standing)]]);
    // Whatever it needs beyond, it is not there: a refusal comes before.
    const caller = appRouter.createCaller({
      principal,
      refusals,
      askAgain: async () => principal,
      cancel_wait_ms: 0,
      service: Object.create(null),
    });
    const call = path.split('.').reduce<unknown>((part, name) => Reflect.get(Object(part), name), caller);
    try {
      await (typeof call === 'function' ? call({}) : null);
    } catch (error) {
      return error instanceof TRPCError && error.cause instanceof RateLimited;
    }
    return false;
  };
  for (const path of Object.keys(appRouter._def.procedures)) {
    const lane: Lane = (await refused(path, 'stops')) ? 'stops' : 'calls';
    expect(await refused(path, lane), path).toBe(true);
    expect(asked('POST', `/trpc/${path}`), path).toEqual({ [lane]: 1 });
  }
});

test('each route that stops something is in the lane of stops, and no other', () => {
  const stops = routes.flatMap(({ method, path, documented }) =>
    'stops' in asked(method.toUpperCase(), path) ? [documented.operationId] : [],
  );
  expect(stops.sort()).toEqual([
    'cancelFinetuning',
    'cancelFinetunings',
    'deleteDbConnection',
    'deleteFinetuning',
    'deleteGoldenRecord',
    'deletePerson',
    'deleteWebhookEndpoint',
    'revokeInvitation',
    'revokeKey',
  ]);
});

test('a batch is as many calls as it holds, however it is written', () => {
  expect(asked('GET', '/trpc/finetunings.get,finetunings.list,providers.list?batch=1')).toEqual({ calls: 3 });
  expect(asked('POST', '/trpc/finetunings.cancel%2Cfinetunings.create%2cfinetunings.delete?batch=1')).toEqual({
    stops: 2,
    calls: 1,
  });
  expect(asked('GET', `/trpc/${','.repeat(15_000)}?batch=1`)).toEqual({ calls: 50 });
  // Not marked as a batch it is one call, of a procedure that there is not.
  expect(asked('GET', '/trpc/finetunings.get,finetunings.list')).toEqual({ calls: 1 });
});

test('an address that is written otherwise is counted as what it calls', () => {
  expect(asked('POST', '/%74rpc/finetunings.create,finetunings.list/cancel?batch=1')).toEqual({ calls: 2 });
  expect(asked('POST', '/trpc/finetunings.%63ancel')).toEqual({ stops: 1 });
  expect(asked('POST', '/trpc/finetunings.cancel/')).toEqual({ stops: 1 });
  expect(asked('POST', '/api/v1/finetunings/a/c%61ncel')).toEqual({ stops: 1 });
  expect(asked('POST', '/api/v1/finetunings/a/cancel/')).toEqual({ stops: 1 });
  expect(asked('POST', '/trpc/%')).toEqual({ calls: 1 });
});

test('the headers are as the draft of the IETF has them', () => {
  const used = { policy: 'calls', most: 6000, left: 12, window_s: 60, reset_s: 7 } as const;
  expect(limitHeaders(used)).toEqual({ 'ratelimit-policy': '"calls";q=6000;w=60', ratelimit: '"calls";r=12;t=7' });
  const streams = { policy: 'streams', most: 500, left: 0, window_s: null, reset_s: 5 } as const;
  expect(limitHeaders(streams)).toEqual({
    'ratelimit-policy': '"streams";q=500;qu="concurrent-requests"',
    ratelimit: '"streams";r=0;t=5',
  });
});
