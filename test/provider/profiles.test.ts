// What tells one host from another: words of refusals, statuses and suffixes, and what an operator may write down of one.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { JobRequest, Outcome } from '../../server/finetuning/provider.ts';
import { bareRef } from '../../server/finetuning/provider.ts';
import { openAiAdapter } from '../../server/provider/openai/adapter.ts';
import { azureProvider, azureUrl } from '../../server/provider/openai/azure.ts';
import { compatibleProvider, type ProfileInput, profileSchema } from '../../server/provider/openai/compatible.ts';
import { createBody } from '../../server/provider/openai/create-body.ts';
import { entraToken, type TokenSource } from '../../server/provider/openai/entra.ts';
import { azureProfile, nebiusProfile, openAiProfile } from '../../server/provider/openai/profiles.ts';
import { openAiProvider } from '../../server/provider/openai/provider.ts';
import { jobReplyOf } from '../../server/provider/openai/replies.ts';
import { SHORTEST_MARK, suffixFor, tagInSuffix } from '../../server/provider/openai/suffix.ts';
import { reasonToWait } from '../../server/provider/openai/waits-behind.ts';
import { within } from '../deadline.ts';
import { listening } from './listening.ts';

const tag = { goldtune_finetuning: 'f0'.repeat(12), goldtune_attempt: '1', goldtune_deployment: 'default' };
const request: JobRequest = {
  model_name: 'm',
  training_file_id: 'file-1',
  n_epochs: 'auto',
  batch_size: 'auto',
  learning_rate_multiplier: 'auto',
  learning_rate: null,
  lora: null,
  suffix: 'orders',
  tag,
};

afterEach(() => vi.unstubAllEnvs());

const common = { timeoutMs: 5000, ledger: 'test', models: [] };
const hosts = {
  openai: (baseUrl: string) => openAiProvider({ ...common, apiKey: 'k', baseUrl, sandbox: false }),
  azure: (endpoint: string) => azureProvider({ ...common, name: 'azure', apiKey: 'k', endpoint }),
  nebius: (baseUrl: string) =>
    compatibleProvider({ ...common, name: 'nebius', apiKey: 'k', baseUrl, profile: nebiusProfile }),
};

const answering = (status: number, body: unknown) =>
  listening((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });

const azureBody = (code: string, message: string, innererror?: object) => ({ error: { code, message, innererror } });
const openAiBody = (message: string, code: string | null = null, type = 'invalid_request_error') => ({
  error: { message, type, param: null, code },
});

describe('a refusal', () => {
  test.each<[host: keyof typeof hosts, status: number, body: unknown, code: string, says: string]>([
    ['openai', 400, openAiBody('bad'), 'invalid', 'bad'],
    [
      'openai',
      401,
      openAiBody('Incorrect API key provided.'),
      'unauthorized',
      'Give a valid API key for provider openai.',
    ],
    ['openai', 403, openAiBody('You have insufficient permissions.'), 'forbidden', 'choose another provider'],
    ['openai', 404, openAiBody('no such job'), 'missing', 'no such job'],
    ['openai', 429, openAiBody('Rate limit reached for requests', 'rate_limit_exceeded'), 'busy', 'Rate limit'],
    [
      'openai',
      429,
      openAiBody(
        'You exceeded your current quota, please check your plan and billing details.',
        'insufficient_quota',
        'insufficient_quota',
      ),
      'exhausted',
      'Add to it there',
    ],
    [
      'openai',
      400,
      openAiBody('Billing hard limit has been reached', 'billing_hard_limit_reached'),
      'exhausted',
      'Add to it there',
    ],
    ['openai', 402, openAiBody('Payment required'), 'exhausted', 'Add to it there'],
    [
      'openai',
      403,
      openAiBody('Fine-tuning is no longer available for your organization.'),
      'closed',
      'Choose another provider',
    ],
    [
      'openai',
      400,
      openAiBody('Your organization can no longer create fine-tuning jobs.'),
      'closed',
      'Choose another provider',
    ],
    [
      'openai',
      403,
      openAiBody('The fine-tuning platform has been shut down for new customers.'),
      'closed',
      'Choose another provider',
    ],
    [
      'openai',
      403,
      openAiBody('Fine-tuning is no longer available for new customers. Existing fine-tuned models keep working.'),
      'closed',
      'Choose another provider',
    ],
    [
      'openai',
      400,
      openAiBody('Your organization can no longer create fine-tuning jobs. Models that you have are still served.'),
      'closed',
      'Choose another provider',
    ],
    [
      'openai',
      400,
      openAiBody('Fine-tuning of this model is no longer available for your organization.'),
      'invalid',
      'this model',
    ],
    [
      'openai',
      400,
      openAiBody('This model was retired. Fine-tuning of it is no longer available for new customers.'),
      'invalid',
      'retired',
    ],
    ['openai', 410, openAiBody('Gone'), 'closed', 'Choose another provider'],
    [
      'openai',
      400,
      openAiBody('Model gpt-9 is not available for fine-tuning or does not exist.', 'model_not_available'),
      'invalid',
      'gpt-9',
    ],
    [
      'openai',
      400,
      openAiBody('The model gpt-4-0613 is no longer available for fine-tuning.'),
      'invalid',
      'gpt-4-0613',
    ],
    [
      'azure',
      401,
      azureBody('401', 'Access denied due to invalid subscription key or wrong API endpoint.'),
      'unauthorized',
      'valid API key for provider azure',
    ],
    [
      'azure',
      401,
      azureBody('PermissionDenied', 'The principal lacks the required data action.'),
      'forbidden',
      'Allow it there',
    ],
    [
      'azure',
      429,
      azureBody('QuotaExceeded', 'You already have 20 queued jobs in this resource.'),
      'busy',
      '20 queued',
    ],
    [
      'azure',
      400,
      azureBody('BadRequest', 'The maximum number of active fine-tuning jobs (1) is reached.'),
      'busy',
      'maximum number',
    ],
    ['azure', 400, azureBody('InsufficientQuota', 'Maximum training jobs was reached.'), 'busy', 'Maximum'],
    ['azure', 400, azureBody('BadRequest', 'the maximum length of suffix is 18'), 'invalid', 'suffix'],
    ['azure', 400, azureBody('BadRequest', 'no', { code: 'InvalidPayload' }), 'invalid', 'no'],
    ['azure', 400, azureBody('BadRequest', 'no', { code: 'InsufficientQuota' }), 'exhausted', 'at provider azure'],
    ['azure', 404, { statusCode: 404, message: 'Resource not found' }, 'missing', 'Resource not found'],
    ['azure', 401, { statusCode: 401, message: 'Access denied.' }, 'unauthorized', 'Access denied.'],
    ['azure', 404, azureBody('404', 'Resource not found'), 'missing', 'Resource not found'],
    [
      'azure',
      429,
      azureBody(
        '429',
        'Requests have exceeded the call rate limit. Please go here to increase the quota: https://example.com/quotaincrease',
      ),
      'busy',
      'rate limit',
    ],
    [
      'nebius',
      422,
      {
        detail: [
          {
            loc: ['body', 'hyperparameters', 'n_epochs'],
            msg: 'Input should be less than or equal to 20',
            type: 'less_than_equal',
          },
        ],
      },
      'invalid',
      'body.hyperparameters.n_epochs: Input should be',
    ],
    ['nebius', 422, { detail: 'training file has too few examples' }, 'invalid', 'too few'],
    ['nebius', 401, { detail: 'Not authenticated' }, 'unauthorized', 'provider nebius'],
    ['nebius', 403, { detail: 'Insufficient funds' }, 'exhausted', 'at provider nebius'],
    ['nebius', 404, openAiBody('no such job'), 'missing', 'no such job'],
    ['nebius', 429, { detail: 'Too many requests' }, 'busy', 'Too many'],
  ])('of %s with %i and %j is %s', async (host, status, body, code, says) => {
    await using server = await answering(status, body);
    const outcome = await hosts[host](server.url).createJob(request);
    expect(outcome).toMatchObject({
      kind: 'refused',
      refusal: { code, status, message: expect.stringContaining(says) },
    });
    expect(server.seen).toHaveLength(1);
  });

  test.each([
    [404, { detail: 7 }],
    [404, { detail: 'Not Found' }],
    [400, { message: 'no' }],
    [404, { message: 'no', code: '404' }],
    [404, { statusCode: 400, message: 'Resource not found' }],
    [400, { statusCode: 400, message: 'no' }],
    [422, { statusCode: 422, message: 'no' }],
    [408, { detail: 'Timeout' }],
    [409, openAiBody('conflict')],
    ...[406, 412, 421, 423, 424, 425, 428, 431, 451, 460, 499].map((status): [number, unknown] => [
      status,
      openAiBody('gave up'),
    ]),
    [409, azureBody('Conflict', 'Fine-tuning is no longer available for your organization.')],
    [500, { detail: 'Internal Server Error' }],
    [500, openAiBody('You exceeded your current quota', 'insufficient_quota')],
    [503, azureBody('ServiceUnavailable', 'later')],
    [404, 'not here'],
    [404, ['not here']],
    [422, { detail: [] }],
    [400, { error: null }],
  ])('is none where %i comes with %j: what became of the request is unknown', async (status, body) => {
    await using server = await answering(status, body);
    for (const open of Object.values(hosts)) {
      expect(await open(server.url).createJob(request)).toMatchObject({
        kind: 'unknown',
        reason: expect.stringContaining(`${status}`),
      });
    }
  });

  test('in the form of FastAPI is none of OpenAI or Azure: a proxy may have sent it', async () => {
    await using server = await answering(404, { detail: 'Not Found' });
    for (const open of [hosts.openai, hosts.azure]) {
      expect(await open(server.url).getJob(bareRef('ftjob-1'))).toMatchObject({ kind: 'unknown' });
    }
  });

  test('in the form of Azure’s gateway is none of another host', async () => {
    await using server = await answering(404, { statusCode: 404, message: 'Resource not found' });
    for (const open of [hosts.openai, hosts.nebius]) {
      expect(await open(server.url).createJob(request)).toMatchObject({ kind: 'unknown' });
      expect(await open(server.url).deleteFile('file-1')).toMatchObject({ kind: 'unknown' });
    }
  });

  test('that FastAPI’s router may have said itself tells only what the profile says, and nothing of a create', async () => {
    await using server = await answering(404, { detail: 'Not Found' });
    expect(await hosts.nebius(server.url).getJob(bareRef('ftjob-1'))).toMatchObject({ kind: 'unknown' });
    expect(await hosts.nebius(server.url).deleteFile('file-1')).toMatchObject({ kind: 'unknown' });
    const profile = profileSchema.parse({
      ...minimal,
      errors: 'openai_or_fastapi',
      refusals: [{ status: 404, says: 'not found', means: 'missing' }],
    });
    const own = compatibleProvider({ ...common, name: 'own', apiKey: 'k', baseUrl: server.url, profile });
    expect(await own.getJob(bareRef('ftjob-1'))).toMatchObject({ refusal: { code: 'missing' } });
    expect(await own.createJob(request)).toMatchObject({ kind: 'unknown' });
    expect(await own.uploadFile(new File(['{}'], 'a.jsonl'), 5000)).toMatchObject({ kind: 'unknown' });
  });

  test('is read by the profile before anything else', async () => {
    const profile = profileSchema.parse({
      ...minimal,
      refusals: [
        { status: 400, says: 'AT CAPACITY', means: 'busy' },
        { code: 'trial_ended', means: 'exhausted' },
      ],
    });
    const open = (baseUrl: string) => compatibleProvider({ ...common, name: 'own', apiKey: 'k', baseUrl, profile });
    await using busy = await answering(400, openAiBody('we are at capacity'));
    expect(await open(busy.url).createJob(request)).toMatchObject({ refusal: { code: 'busy' } });
    await using ended = await answering(403, openAiBody('no', 'TRIAL_ENDED'));
    expect(await open(ended.url).createJob(request)).toMatchObject({ refusal: { code: 'exhausted' } });
    await using other = await answering(403, openAiBody('no'));
    expect(await open(other.url).createJob(request)).toMatchObject({ refusal: { code: 'forbidden' } });
  });
});

const minimal: ProfileInput = {
  tag: 'metadata',
  verified: { against: 'document', on: '2026-11-25', note: 'its own documentation' },
};

describe('a profile that an operator writes', () => {
  test('needs no more than how the tag travels and what it was held against, and claims nothing that nobody said', () => {
    expect(profileSchema.parse(minimal)).toMatchObject({
      parameters: ['n_epochs', 'batch_size'],
      cancel: { asynchronous: true, may_finish_anyway: null, keeps_record: null },
    });
  });

  test.each<[object, string]>([
    [{ tag: undefined }, 'tag'],
    [{ verified: undefined }, 'verified'],
    [{ verified: { ...minimal.verified, on: 'yesterday' } }, 'verified.on'],
    [{ colour: 'red' }, ''],
    [{ parameters: ['lora'] }, 'lora'],
    [{ lora: { r: 'r', alpha: 'a', dropout: 'd' } }, 'lora'],
    [{ longest_suffix: SHORTEST_MARK - 1 }, 'longest_suffix'],
    [{ statuses: { done: 'finished' } }, 'statuses.done'],
    [{ headers: { Authorization: 'Bearer x' } }, 'headers.Authorization'],
    [{ headers: { 'X-Api-Key': 'x' } }, 'headers.X-Api-Key'],
    [{ headers: { 'X-Project': 'a\nb' } }, 'headers.X-Project'],
    [{ refusals: [{ status: 409, means: 'busy' }] }, 'refusals.0.status'],
    [{ refusals: [{ status: 499, means: 'busy' }] }, 'refusals.0.status'],
    [{ refusals: [{ status: 500, means: 'busy' }] }, 'refusals.0.status'],
    [{ refusals: [{ means: 'busy' }] }, 'refusals.0'],
  ])('is refused with %j, naming %s', (changed, place) => {
    const parsed = profileSchema.safeParse({ ...minimal, ...changed });
    expect(parsed.error?.issues.map(({ path }) => path.join('.'))).toContain(place);
  });

  test('is what is sent and read: headers, parameters, words', async () => {
    const profile = profileSchema.parse({
      ...minimal,
      parameters: ['n_epochs', 'learning_rate'],
      headers: { 'X-Project': 'p-1' },
      statuses: { waiting: 'queued', stopped: 'cancelled' },
    });
    await using server = await answering(200, { id: 'j', status: 'stopped' });
    const provider = compatibleProvider({ ...common, name: 'own', apiKey: 'k', baseUrl: server.url, profile });
    expect(await provider.getJob(bareRef('j'))).toMatchObject({
      value: { phase: 'cancelled', provider_status: 'stopped' },
    });
    expect(server.seen[0]?.headers).toMatchObject({ 'x-project': 'p-1', authorization: 'Bearer k' });
    expect(createBody(profile, { ...request, learning_rate: 0.001 })).toMatchObject({
      method: { supervised: { hyperparameters: { learning_rate: 0.001 } } },
    });
  });
});

describe('what is sent to create a job', () => {
  test('at OpenAI and Azure says "auto", and carries the tag as metadata', () => {
    const hyperparameters = { n_epochs: 'auto', batch_size: 'auto', learning_rate_multiplier: 'auto' };
    for (const profile of [openAiProfile, azureProfile]) {
      expect(createBody(profile, request)).toEqual({
        model: 'm',
        training_file: 'file-1',
        suffix: 'orders',
        method: { type: 'supervised', supervised: { hyperparameters } },
        metadata: tag,
      });
    }
  });

  test('at Nebius stands at the top, leaves out what is to be chosen there, and carries the tag in the suffix', () => {
    const lora = { r: 16, alpha: 32, dropout: 0.05 };
    const body = createBody(nebiusProfile, { ...request, n_epochs: 2, learning_rate: 2e-5, lora });
    expect(body).toEqual({
      model: 'm',
      training_file: 'file-1',
      suffix: expect.stringMatching(/^gt-[0-9a-f]{8}-1-(f0){12}-orders$/),
      hyperparameters: { n_epochs: 2, learning_rate: 2e-5, lora: true, lora_r: 16, lora_alpha: 32, lora_dropout: 0.05 },
    });
  });
});

describe('a tag in a suffix', () => {
  test('is read again, with its deployment where that is asked for', () => {
    const suffix = suffixFor(tag, 'orders', 64);
    expect(tagInSuffix(suffix, 'default')).toEqual(tag);
    expect(tagInSuffix(suffix, 'another')).toEqual({
      goldtune_finetuning: tag.goldtune_finetuning,
      goldtune_attempt: '1',
    });
  });

  test.each([
    ['made part of a name', (suffix: string) => `ft:llama:acme:${suffix}:x1`],
    ['put into upper case', (suffix: string) => suffix.toUpperCase()],
    ['cut to what is kept at least', (suffix: string) => suffix.slice(0, SHORTEST_MARK)],
  ])('is read again when it was %s', (_how, change) => {
    const long = { ...tag, goldtune_attempt: '12' };
    const suffix = change(suffixFor(long, 'a'.repeat(100), 64));
    expect(tagInSuffix(suffix, 'default')).toEqual(long);
  });

  test('fits, in lower case, whatever the alias and the deployment are', () => {
    const suffix = suffixFor({ ...tag, goldtune_deployment: 'Ünï "/; $(x)' }, 'a'.repeat(100), 64);
    expect(suffix).toMatch(/^[a-z0-9-]{1,64}$/);
    expect(suffixFor(tag, 'orders', SHORTEST_MARK)).toMatch(/^[a-z0-9-]+[a-z0-9]$/);
  });

  test.each([
    '',
    'my-model',
    'gt-1-2-3',
    `gt-0123abcd-1-${'f0'.repeat(11)}`,
    `gt-0123abcd-1-${'f0'.repeat(13)}`,
    'agt-0123abcd-1-',
  ])('that is not ours is none: "%s"', (suffix) => expect(tagInSuffix(suffix, 'default')).toEqual({}));
});

describe('a job of Azure', () => {
  test.each([
    ['pending', 'active', 'queued'],
    ['paused', 'active', null],
    ['pausing', 'active', null],
    ['resuming', 'active', null],
    ['notRunning', 'active', null],
    ['constructor', 'active', null],
    ['canceled', 'cancelled', null],
  ])('that is %s is read as %s, shown as %s', async (status, phase, shown_status) => {
    await using server = await answering(200, { id: 'ftjob-1', status });
    expect(await hosts.azure(server.url).getJob(bareRef('ftjob-1'))).toMatchObject({
      kind: 'done',
      value: { phase, shown_status, provider_status: status },
    });
  });

  test.each([
    [
      'another runs',
      [
        { id: 'ftjob-1', status: 'queued' },
        { id: 'ftjob-2', status: 'running' },
      ],
      'the account runs 1 at a time and queues 20: 1 running',
    ],
    [
      'another runs and others came first',
      [
        { id: 'ftjob-4', status: 'queued' },
        { id: 'ftjob-1', status: 'queued' },
        { id: 'ftjob-3', status: 'pending' },
        { id: 'ftjob-2', status: 'running' },
      ],
      '1 running, and 1 queued before it',
    ],
    [
      'none runs',
      [
        { id: 'ftjob-1', status: 'queued' },
        { id: 'ftjob-2', status: 'succeeded' },
      ],
      null,
    ],
    ['the list cannot be read', null, null],
  ])('that is queued while %s says as much, and never which', async (_when, data, says) => {
    await using server = await listening(({ url }, response) => {
      const isList = url?.includes('?') ?? false;
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isList ? { data, has_more: false } : { id: 'ftjob-1', status: 'queued' }));
    });
    const provider = hosts.azure(server.url);
    for (const _look of [1, 2, 3]) {
      const outcome = await provider.getJob(bareRef('ftjob-1'));
      expect(outcome).toMatchObject({ value: { note: says === null ? null : expect.stringContaining(says) } });
      expect(JSON.stringify(outcome)).not.toContain('ftjob-2');
    }
    // The list is asked for now and then, not at each look.
    expect(server.seen.filter(({ path }) => path.includes('?'))).toHaveLength(1);
  });
});

describe('why a job waits', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => vi.useRealTimers());

  test('is told as it was while the list cannot be read, and asked for again', async () => {
    const reply = jobReplyOf(azureProfile);
    const full = {
      data: [
        { id: 'ftjob-1', status: 'queued' },
        { id: 'ftjob-2', status: 'running' },
      ],
    };
    const pages: Outcome<typeof full>[] = [
      { kind: 'done', value: full },
      { kind: 'unknown', reason: 'HTTP 503' },
    ];
    const why = reasonToWait(
      { running: 1, queued: 20 },
      async () => pages.shift() ?? { kind: 'done', value: { data: [] } },
      reply,
    );
    const job = reply.parse({ id: 'ftjob-1', status: 'queued' });
    const notes: (string | null)[] = [];
    for (const _minute of [1, 2, 3]) {
      notes.push(await why(job));
      vi.advanceTimersByTime(60_000);
    }
    expect(notes).toEqual([expect.stringContaining('1 running'), expect.stringContaining('1 running'), null]);
  });
});

describe('Azure', () => {
  test.each([
    'https://name.openai.azure.com',
    'https://name.openai.azure.com/',
    'https://name.openai.azure.com/openai',
    'https://name.openai.azure.com/openai/v1/',
  ])('is asked on its v1 API, however its endpoint is written: %s', (endpoint) => {
    expect(azureUrl(endpoint)).toBe('https://name.openai.azure.com/openai/v1');
  });

  test('is sent a model by its dated name, as Azure’s documents have it', async () => {
    await using server = await answering(200, { id: 'ftjob-1', status: 'running' });
    await hosts.azure(server.url).createJob({ ...request, model_name: 'gpt-4.1-mini' });
    expect(JSON.parse(server.seen[0]?.body ?? '')).toMatchObject({ model: 'gpt-4.1-mini-2025-04-14' });
  });

  test('is sent a key by its own header alone', async () => {
    await using server = await answering(200, { id: 'ftjob-1', status: 'running' });
    await hosts.azure(server.url).getJob(bareRef('ftjob-1'));
    expect(server.seen[0]?.path).toBe('/v1/openai/v1/fine_tuning/jobs/ftjob-1');
    expect(server.seen[0]?.headers).toMatchObject({ 'api-key': 'k' });
    expect(server.seen[0]?.headers).not.toHaveProperty('authorization');
  });
});

describe('an Entra token', () => {
  test('that cannot be had leaves the outcome unknown, says why, and nothing is sent', async () => {
    // Of all the ways to an identity the one that asks nobody.
    vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'EnvironmentCredential');
    for (const name of ['AZURE_TENANT_ID', 'AZURE_CLIENT_ID', 'AZURE_CLIENT_SECRET']) vi.stubEnv(name, '');
    await using server = await answering(200, { id: 'ftjob-1', status: 'running' });
    const provider = azureProvider({ ...common, name: 'azure', apiKey: null, endpoint: server.url });
    expect(await provider.cancelJob(bareRef('ftjob-1'))).toMatchObject({
      kind: 'unknown',
      reason: expect.stringMatching(/no Entra token, so nothing was sent; this process needs an identity of Azure/),
    });
    expect(server.seen).toEqual([]);
  });

  const adapter = (baseUrl: string, open: () => Promise<TokenSource>, timeoutMs = 5000) =>
    openAiAdapter({
      ...common,
      timeoutMs,
      connection: { name: 'azure', baseUrl, credential: entraToken(open) },
      profile: azureProfile,
      account: null,
      sandbox: false,
    });

  test.each<[string, () => Promise<TokenSource>]>([
    ['never comes', async () => ({ getToken: () => new Promise(() => {}) })],
    ['has a library that is never loaded', () => new Promise(() => {})],
  ])('that %s is waited for no longer than an answer, and nothing is sent', async (_how, open) => {
    await using server = await answering(200, { id: 'ftjob-1', status: 'running' });
    const cancel = adapter(server.url, open, 100).cancelJob(bareRef('ftjob-1'));
    expect(await within(cancel, 'the cancel is answered', 20_000)).toMatchObject({ kind: 'unknown' });
    expect(server.seen).toEqual([]);
  });

  test('that a host repeats is told nowhere, nor the one before it, nor another that looks like one', async () => {
    const jwt = `eyJ${'hbGciOiJSUzI1NiIs'}.${'p'.repeat(60)}.${'s'.repeat(60)}`;
    const tokens = ['first-opaque-token-0123456789', 'second-opaque-token-9876543210'];
    const left = [...tokens];
    let status = 401;
    const echo = () =>
      openAiBody(`no: ${tokens.join(' ')} Authorization: Bearer ${'x'.repeat(30)}, ${jwt} ${'-'.repeat(100)}`);
    await using server = await listening((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(echo()));
    });
    const provider = adapter(server.url, async () => ({
      getToken: async () => ({ token: left.shift() ?? 'second-opaque-token-9876543210' }),
    }));
    await provider.getJob(bareRef('ftjob-1'));
    for (status of [401, 503]) {
      const told = JSON.stringify(await provider.getJob(bareRef('ftjob-1')));
      expect(told).toContain('[secret]');
      expect(told).not.toMatch(/opaque-token|x{20}|eyJ|p{20}|s{20}/);
    }
  });

  test('is asked for at each request, and its library loaded once, or again where that failed', async () => {
    let loaded = 0;
    let given = 0;
    const credential = entraToken(async () => {
      loaded += 1;
      if (loaded === 1) throw new Error('the disk was full');
      return { getToken: async () => ({ token: `t${++given}` }) };
    });
    await expect(credential.value()).rejects.toThrow('the disk was full');
    expect([await credential.value(), await credential.value()]).toEqual(['Bearer t1', 'Bearer t2']);
    expect(loaded).toBe(2);
  });
});
