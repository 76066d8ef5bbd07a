// Who gets a place where many are to be told at once: no crowd of receivers that are silent takes all of them.
import { expect, test } from 'vitest';
import type { Head, OutboxStore } from '../../server/finetuning/webhooks/store.ts';
import { createDelivery } from '../../server/notify/delivery.ts';
import { until } from '../until.ts';

const NOW = '2026-06-01T00:00:00.000Z';
const quiet = { info() {}, warn() {}, error() {} };

test('a hundred and fifty receivers that never answer, with more waiting for each, leave places for one that does', async () => {
  const heads: Head[] = Array.from({ length: 150 }, (_, endpoint) =>
    Array.from({ length: 8 }, (_, lane) => ({
      id: `${endpoint} ${lane}`,
      endpoint_id: `silent ${endpoint}`,
      lane: `${lane}`,
      due_at: NOW,
    })),
  ).flat();
  const told: string[] = [];
  const outbox = {
    promote: async () => {},
    due: async () => heads,
    putOff: async () => {},
    async claim({ id, endpoint_id, lane }) {
      return {
        ...{ id, endpoint_id, lane, organization_id: 'o', finetuning_id: null, version: 0, type: 'ping' },
        ...{ state: 'pending' as const, attempts: 1, due_at: NOW, created_at: NOW, told_at: NOW, run_state: null },
        ...{ last_attempt_at: null, last_duration_ms: null, last_status: null, last_answer: null, last_error: null },
        ...{ url: endpoint_id, secret: 'whsec_bm90aGluZyB0byBwcm92ZSBoZXJlLCBmb3IgdHdvIGVuZHM=' },
        ...{ previous_secret: null, previous_until: null },
      };
    },
    release: async () => {},
    settle: async () => null,
    drop: async () => 0,
    forget: async () => 0,
    disable: async () => {},
  } satisfies OutboxStore;
  await using delivery = createDelivery({
    outbox,
    clock: () => NOW,
    log: quiet,
    userAgent: 'test',
    send: ({ url }, signal) =>
      new Promise((resolve, reject) => {
        told.push(url);
        signal.addEventListener('abort', () => reject(signal.reason));
        if (!url.startsWith('silent')) resolve({ kind: 'answered', status: 204, answer: '', retry_after_ms: null });
      }),
  });
  await delivery.round();
  await delivery.round();
  heads.push({ id: 'last', endpoint_id: 'prompt', lane: 'a', due_at: NOW });
  await delivery.round();
  await until(() => told.includes('prompt'), 'the last one is told');
  // Each of the silent ones was tried, and none more than four times at once.
  const tries = Map.groupBy(told, (url) => url);
  expect(tries.size).toBe(151);
  expect(Math.max(...[...tries.values()].map(({ length }) => length))).toBe(4);
});
