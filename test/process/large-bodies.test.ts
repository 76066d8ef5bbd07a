// Large bodies take turns, so that however many come at once, the memory that they take is bounded.
import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { fewLargeBodies } from '../../server/http/large-bodies.ts';
import { listen } from '../../server/http/listen.ts';
import { until } from '../until.ts';

const LARGE = 'x'.repeat(2 * 1024 * 1024);
const RECORDS = '/api/v1/golden-sqls';

/** A server that answers a body when it is told to, and says how many it holds. */
async function started(limits: Parameters<typeof fewLargeBodies>[1]) {
  const answers: (() => void)[] = [];
  const held = () => answers.length;
  let most = 0;
  const app = new Hono();
  app.use(fewLargeBodies(() => new Response('busy', { status: 503 }), limits));
  app.post('*', async (c) => {
    const { length } = await c.req.text();
    if (length < 1024) return c.text('small');
    const { promise, resolve } = Promise.withResolvers<void>();
    answers.push(resolve);
    most = Math.max(most, held());
    await promise;
    return c.text('large');
  });
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  const post = async (path: string, body: string | ReadableStream, init: RequestInit = {}) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`, { method: 'POST', body, ...init });
    return `${response.status} ${await response.text()}`;
  };
  return {
    post,
    held,
    most: () => most,
    answerOne: () => answers.shift()?.(),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const usual = { atOnce: 2, waiting: 2, longestWaitMs: 600_000 };

test('three large bodies at once: two are served, the third waits for its turn, and a cancel does not wait at all', async () => {
  await using server = await started(usual);
  const large = [1, 2, 3].map(() => server.post(RECORDS, LARGE));
  await until(() => server.held() === 2, 'two are held');
  expect(await server.post('/api/v1/finetunings/x/cancel', '{}')).toBe('200 small');
  server.answerOne();
  await until(() => server.held() === 2, 'the third has come');
  server.answerOne();
  server.answerOne();
  expect(await Promise.all(large)).toEqual(Array(3).fill('200 large'));
  expect(server.most()).toBe(2);
});

test('who has waited as long as may be, and who finds too many waiting, is told to come back', async () => {
  await using server = await started({ ...usual, longestWaitMs: 50 });
  const held = [server.post(RECORDS, LARGE), server.post(RECORDS, LARGE)];
  await until(() => server.held() === 2, 'two are held');
  expect(await Promise.all([1, 2, 3, 4].map(() => server.post(RECORDS, LARGE)))).toEqual(Array(4).fill('503 busy'));
  server.answerOne();
  server.answerOne();
  expect(await Promise.all(held)).toEqual(Array(2).fill('200 large'));
});

test('who hangs up while waiting leaves the place to the next', async () => {
  await using server = await started(usual);
  const held = [server.post(RECORDS, LARGE), server.post(RECORDS, LARGE)];
  await until(() => server.held() === 2, 'two are held');
  const stop = new AbortController();
  const gone = server.post(RECORDS, LARGE, { signal: stop.signal });
  stop.abort();
  await expect(gone).rejects.toThrow();
  const next = server.post(RECORDS, LARGE);
  server.answerOne();
  server.answerOne();
  await until(() => server.held() === 1, 'the next has come');
  server.answerOne();
  expect(await Promise.all([...held, next])).toEqual(Array(3).fill('200 large'));
});

test('records whose size is not told count as large, and anything else of no told size does not', async () => {
  await using server = await started({ ...usual, atOnce: 1, waiting: 0 });
  const streamed = (text: string) => new Blob([text]).stream();
  const held = server.post(RECORDS, LARGE);
  await until(() => server.held() === 1, 'one is held');
  const init: RequestInit & { duplex: string } = { duplex: 'half' };
  expect(await server.post(RECORDS, streamed('[]'), init)).toBe('503 busy');
  expect(await server.post('/trpc/goldenRecords.add', streamed('[]'), init)).toBe('503 busy');
  expect(await server.post('/api/v1/finetunings/x/cancel', streamed('{}'), init)).toBe('200 small');
  server.answerOne();
  expect(await held).toBe('200 large');
});
