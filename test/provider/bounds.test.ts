// What a provider answers has an end: what is longer, deeper or odder than any real answer costs little and claims nothing.
import type { RequestListener } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Provider } from '../../server/finetuning/provider.ts';
import { bareRef } from '../../server/finetuning/provider.ts';
import { LONGEST_REPLY } from '../../server/provider/openai/bounded-reply.ts';
import { openAiProvider } from '../../server/provider/openai/provider.ts';
import { listening } from './listening.ts';

const PATIENCE_MS = 300_000;
const IMPATIENCE_MS = 2000;
/** What a socket and its two ends hold beyond what was read of it. */
const ON_THE_WAY = 20_000_000;

const at = (baseUrl: string, timeoutMs = PATIENCE_MS) =>
  openAiProvider({ apiKey: 'key', baseUrl, timeoutMs, ledger: 'test', sandbox: false, models: [] });

const tag = { goldtune_finetuning: 'f'.repeat(24), goldtune_attempt: '1', goldtune_deployment: 'd' };
const auto = {
  n_epochs: 'auto',
  batch_size: 'auto',
  learning_rate_multiplier: 'auto',
  learning_rate: null,
  lora: null,
} as const;
const search = { finetuning: tag.goldtune_finetuning, attempt: 1, file_ids: [] };

const operations: Record<string, (provider: Provider) => Promise<unknown>> = {
  uploadFile: (provider) => provider.uploadFile(new File(['{}'], 'a.jsonl'), PATIENCE_MS),
  deleteFile: (provider) => provider.deleteFile('file-1'),
  getFile: (provider) => provider.getFile('file-1'),
  listFiles: (provider) => provider.listFiles(),
  createJob: (provider) =>
    provider.createJob({ model_name: 'm', training_file_id: 'file-1', ...auto, suffix: null, tag }),
  getJob: (provider) => provider.getJob(bareRef('ftjob-1')),
  findJobs: (provider) => provider.findJobs(search),
  listJobs: (provider) => provider.listJobs('d'),
  cancelJob: (provider) => provider.cancelJob(bareRef('ftjob-1')),
  getProgress: (provider) => provider.getProgress(bareRef('ftjob-1')),
};

/** Answers for as long as somebody reads. @returns how much it has written so far, and when nobody reads any more */
function endless(status: number, begins: string, isPacked = false) {
  const written = { bytes: 0 };
  const over = Promise.withResolvers<void>();
  const more = Buffer.alloc(65_536, ' ');
  async function* content(): AsyncGenerator<Buffer> {
    yield Buffer.from(begins);
    for (;;) yield more;
  }
  async function* counted(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      written.bytes += chunk.length;
      yield chunk;
    }
  }
  const answer: RequestListener = (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...(isPacked && { 'content-encoding': 'gzip' }) });
    const sent = isPacked ? pipeline(content, createGzip(), counted, response) : pipeline(content, counted, response);
    sent.catch(() => over.resolve());
  };
  return { answer, written, over: over.promise };
}

describe('a reply without end', () => {
  describe.each(Object.keys(operations))('to %s', (operation) => {
    test.each([
      ['that begins as a success', 200, '{"id": "ftjob-1", "deleted": true, "data": [], "has_more": false}', false],
      ['that begins as a refusal', 400, '{"error": {"message": "no"}}', false],
      ['that begins as a 404', 404, '{"error": {"message": "no"}}', false],
      ['that is packed', 200, '{"id": "ftjob-1"}', true],
    ])('%s claims nothing, and is read no further than its bound', async (_how, status, begins, packed) => {
      const reply = endless(status, begins, packed);
      await using server = await listening(reply.answer);
      expect(await operations[operation]?.(at(server.url))).toMatchObject({
        kind: 'unknown',
        reason: expect.stringMatching(/longer than 4 MB.*address of provider openai/),
      });
      await reply.over;
      expect(reply.written.bytes).toBeLessThan(packed ? LONGEST_REPLY : LONGEST_REPLY + ON_THE_WAY);
      expect(server.seen).toHaveLength(1);
    });
  });

  test('that comes a byte at a time is given up in time', async () => {
    const over = Promise.withResolvers<void>();
    await using server = await listening((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"id": "');
      const drip = setInterval(() => response.write('x'), 10);
      response.once('close', () => over.resolve(clearInterval(drip)));
    });
    const provider = at(server.url, IMPATIENCE_MS);
    for (const operation of ['getJob', 'createJob', 'findJobs', 'getProgress']) {
      expect(await operations[operation]?.(provider)).toMatchObject({ kind: 'unknown' });
    }
    await over.promise;
  });

  test('of headers alone claims nothing', async () => {
    await using server = await listening((_request, response) => {
      response
        .writeHead(200, { 'content-type': 'application/json', 'x-long': 'x'.repeat(100_000) })
        .end('{"id": "ftjob-1"}');
    });
    for (const operation of ['createJob', 'cancelJob', 'getJob', 'findJobs']) {
      expect(await operations[operation]?.(at(server.url))).toMatchObject({ kind: 'unknown' });
    }
  });

  test('does not hide a reply of an ordinary length', async () => {
    const data = Array.from({ length: 100 }, (_, index) => ({
      id: `ftjob-${index}`,
      status: 'running',
      metadata: { ...tag, ...Object.fromEntries(Array.from({ length: 13 }, (_, key) => [`${key}`, 'x'.repeat(512)])) },
    }));
    await using server = await listening((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data, has_more: false }));
    });
    expect(await at(server.url).findJobs(search)).toMatchObject({
      value: { found: { length: 100 }, incomplete: null },
    });
  });
});

describe('a list without end', () => {
  test('whose every page brings something new is not whole, and what it has shown counts', async () => {
    let made = 0;
    const page = () =>
      Array.from({ length: 20_000 }, () => ({ id: `ftjob-${made++}`, metadata: made === 7 ? tag : {} }));
    await using server = await listening((_request, response) => {
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ data: page(), has_more: true }));
    });
    expect(await at(server.url).findJobs(search)).toMatchObject({
      value: { found: [{ id: 'ftjob-6' }], incomplete: expect.stringContaining('had not ended') },
    });
    expect(server.seen.length).toBeLessThan(10);
  });

  test('of which one page holds more than is looked at is not whole, though it says so', async () => {
    const data = [
      ...Array.from({ length: 150_000 }, (_, index) => ({ id: `f${index}` })),
      { id: 'ftjob-1', metadata: tag },
    ];
    await using server = await listening((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data, has_more: false }));
    });
    expect(await at(server.url).findJobs(search)).toMatchObject({
      value: { found: [], incomplete: expect.any(String) },
    });
  });
});

describe('an id', () => {
  const odd = ['', '.', '..', 'a\nb', 'a\u0000b', 'a\u009bb', '\ud800', 'x'.repeat(10_000), 7, null, {}, ['ftjob-1']];
  test.each(odd.map((id) => [JSON.stringify(id).slice(0, 20), id]))(
    'that is %s is not taken for one: what was asked for is not known',
    async (_text, id) => {
      const answer = { id, deleted: true, status: 'cancelled', metadata: tag, filename: 'a.jsonl' };
      await using server = await listening((request, response) => {
        const isList = request.method === 'GET' && /\/(files|jobs)\?/.test(request.url ?? '');
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(isList ? { data: [answer], has_more: false } : answer));
      });
      const provider = at(server.url);
      for (const operation of ['uploadFile', 'deleteFile', 'getFile', 'createJob', 'getJob', 'cancelJob']) {
        expect(await operations[operation]?.(provider)).toMatchObject({ kind: 'unknown' });
      }
      for (const operation of ['listFiles', 'findJobs', 'listJobs']) {
        expect(await operations[operation]?.(provider)).toMatchObject({
          value: { found: [], incomplete: expect.any(String) },
        });
      }
    },
  );

  test('of a gateway, long and with slashes, stays within its own place of the path', async () => {
    const id = `projects/../1/jobs/${'x'.repeat(300)}?a#b`;
    await using server = await listening((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id, status: 'running' }));
    });
    expect(await at(server.url).getJob(bareRef(id))).toMatchObject({ kind: 'done', value: { id } });
    expect(server.seen[0]?.path).toBe(`/v1/fine_tuning/jobs/${encodeURIComponent(id)}`);
  });
});

test.each([
  [{ trained_tokens: 1e30 }, { trained_tokens: null }],
  [{ trained_tokens: 2 ** 53 - 1 }, { trained_tokens: null }],
  [{ trained_tokens: -1 }, { trained_tokens: null }],
  [{ estimated_finish: 1e308 }, { estimated_finish: null }],
  [{ estimated_finish: -1e308 }, { estimated_finish: null }],
  [{ status: 's'.repeat(10_000) }, { provider_status: 's'.repeat(200), phase: 'active', shown_status: null }],
  [{ fine_tuned_model: 'm'.repeat(10_000) }, { model_id: null }],
  [{ fine_tuned_model: '..' }, { model_id: null }],
  [{ training_file: 'f'.repeat(10_000) }, { training_file_id: null }],
  [
    { error: { code: 'c'.repeat(10_000), message: 'm'.repeat(10_000) } },
    { error: `${'c'.repeat(200)}: ${'m'.repeat(4000)}` },
  ],
  [{ error: { code: 7, message: 'why' } }, { error: 'why' }],
  [{ result_files: Array.from({ length: 300_000 }, () => 'f') }, { trained_tokens: null }],
  [
    { metadata: { ...tag, goldtune_deployment: 'd'.repeat(10_000) } },
    { tag: { ...tag, goldtune_deployment: 'd'.repeat(200) } },
  ],
])('what cannot be of a job is read as none, or as far as it can: %#', async (odd, read) => {
  await using server = await listening((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ id: 'ftjob-1', status: 'running', ...odd }));
  });
  expect(await at(server.url).getJob(bareRef('ftjob-1'))).toMatchObject({
    kind: 'done',
    value: { id: 'ftjob-1', ...read },
  });
});
