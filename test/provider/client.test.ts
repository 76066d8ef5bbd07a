// How requests reach the provider: nothing of the environment adds to them, no redirect is followed, a proxy is used.
import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { bareRef } from '../../server/finetuning/provider.ts';
import { installProxy } from '../../server/outbound-proxy.ts';
import {
  askAccount,
  contradiction,
  isSameAccount,
  knownAccount,
  otherAccount,
} from '../../server/provider/openai/account.ts';
import { openAiProvider } from '../../server/provider/openai/provider.ts';
import { listening } from './listening.ts';
import { startProxy } from './proxy.ts';

const json =
  (body: unknown, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };

const options = { apiKey: 'key-of-the-test', timeoutMs: 5000, ledger: 'test', sandbox: false, models: [] };

const tag = { goldtune_finetuning: 'f', goldtune_attempt: '1', goldtune_deployment: 'd' };
const auto = {
  n_epochs: 'auto',
  batch_size: 'auto',
  learning_rate_multiplier: 'auto',
  learning_rate: null,
  lora: null,
} as const;
const job = { model_name: 'm', training_file_id: 'file-1', ...auto, suffix: null, tag };

afterEach(() => vi.unstubAllEnvs());

describe('a redirect', () => {
  test.each([301, 302, 303, 307, 308])('%i is followed by nothing, and told with where it leads', async (status) => {
    await using target = await listening(json({ id: 'ftjob-1' }));
    await using redirecting = await listening((request, response) => {
      response.writeHead(status, {
        location: `http://me:hidden@127.0.0.1:${target.port}/real${request.url}?key=hidden`,
      });
      response.end();
    });
    const provider = openAiProvider({ ...options, baseUrl: redirecting.url });
    const outcomes = [
      await provider.createJob(job),
      await provider.cancelJob(bareRef('ftjob-1')),
      await provider.deleteFile('file-1'),
      await provider.uploadFile(new File(['{}'], 'a.jsonl'), 5000),
      await provider.getJob(bareRef('ftjob-1')),
      await provider.listFiles(),
    ];
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        kind: 'unknown',
        reason: expect.stringContaining(`to http://127.0.0.1:${target.port}/real/v1/`),
      });
      expect(outcome).toMatchObject({ reason: expect.stringContaining('set the address of provider openai to where') });
      expect(JSON.stringify(outcome)).not.toContain('hidden');
    }
    expect(target.seen).toEqual([]);
    expect(redirecting.seen).toHaveLength(outcomes.length);
  });

  test('in a circle is asked once', async () => {
    await using circle = await listening((request, response) => {
      response.writeHead(307, { location: request.url });
      response.end();
    });
    expect(await openAiProvider({ ...options, baseUrl: circle.url }).getJob(bareRef('ftjob-1'))).toMatchObject({
      kind: 'unknown',
    });
    expect(circle.seen).toHaveLength(1);
  });

  test('to nowhere is told too', async () => {
    await using nowhere = await listening((_request, response) => response.writeHead(302).end());
    expect(await openAiProvider({ ...options, baseUrl: nowhere.url }).getJob(bareRef('ftjob-1'))).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('an address that cannot be read'),
    });
  });
});

test('what the library would read of the environment by itself reaches no provider', async () => {
  await using provider = await listening(json({ id: 'ftjob-1' }));
  await using other = await listening(json({}));
  for (const [name, value] of Object.entries({
    OPENAI_ORG_ID: 'org-of-the-environment',
    OPENAI_PROJECT_ID: 'proj-of-the-environment',
    OPENAI_ADMIN_KEY: 'admin-of-the-environment',
    OPENAI_WEBHOOK_SECRET: 'webhook-of-the-environment',
    OPENAI_BASE_URL: other.url,
    OPENAI_CUSTOM_HEADERS:
      'Authorization: Bearer of-the-environment\nOpenAI-Project: of-the-environment\nX-Account: of-the-environment',
  })) {
    vi.stubEnv(name, value);
  }
  await openAiProvider({ ...options, baseUrl: provider.url }).getJob(bareRef('ftjob-1'));
  await openAiProvider({ ...options, baseUrl: provider.url, organization: 'org-1', project: 'proj_1' }).createJob(job);
  const [plain, named] = provider.seen;
  expect(plain?.headers).toMatchObject({ authorization: 'Bearer key-of-the-test' });
  expect(plain?.headers).not.toHaveProperty('openai-project');
  expect(named?.headers).toMatchObject({ 'openai-organization': 'org-1', 'openai-project': 'proj_1' });
  expect(JSON.stringify(provider.seen)).not.toContain('of-the-environment');
  expect(other.seen).toEqual([]);
});

describe('whose account it is', () => {
  const apiKey = 'key-of-the-test';
  const configured = { organization: 'org-1', project: 'proj_1' };

  test('is asked at the start, and a contradiction told', async () => {
    await using provider = await listening(json({ data: [] }, { 'openai-project': 'proj_2' }));
    const told = await askAccount({ apiKey, ...configured, baseUrl: provider.url });
    expect(told && contradiction(configured, told)).toMatch(
      /^OPENAI_PROJECT_ID is proj_1, but the provider says that OPENAI_API_KEY works in proj_2/,
    );
  });

  test.each([
    ['is confirmed', { organization: 'org-1', project: 'proj_1' }],
    ['is told by another kind of name', { organization: 'some-company-abc123', project: null }],
  ])('contradicts nothing where it %s', (_how, told) => expect(contradiction(configured, told)).toBeNull());

  test('is left open where the provider does not say it, or cannot be asked', async () => {
    await using silent = await listening(json({ data: [] }));
    await using redirecting = await listening((_request, response) => response.writeHead(302, { location: '/' }).end());
    for (const baseUrl of [silent.url, redirecting.url, 'http://127.0.0.1:1/v1'])
      expect(await askAccount({ apiKey, baseUrl })).toBeNull();
  });

  test.each([
    ['the project, whatever the organization is called now', ['acme', 'proj_1'], ['acme-inc', 'proj_1'], true],
    ['another project of the same organization', ['acme', 'proj_1'], ['acme', 'proj_2'], false],
    ['the organization where no project is told', ['acme', null], ['other', null], false],
    ['nothing that both times was told', ['acme', null], [null, 'proj_1'], true],
  ] as const)('is compared with what it was before: %s', (_what, before, now, same) => {
    const account = ([organization, project]: readonly [string | null, string | null]) => ({ organization, project });
    expect(isSameAccount(account(before), account(now))).toBe(same);
  });

  test('what was told of one account is not taken for another’s', () => {
    const before = { organization: 'acme', project: 'proj_1' };
    const other = { organization: 'other', project: null };
    expect(knownAccount(before, other)).toEqual(other);
    expect(knownAccount(before, { organization: 'acme-inc', project: 'proj_1' })).toMatchObject({ project: 'proj_1' });
  });

  test('that an organization may have been renamed is said where nothing but its name is known', () => {
    const named = (organization: string) => ({ organization, project: null });
    expect(otherAccount(named('acme'), named('acme-inc'), 2)).toContain('empty the table provider_accounts');
  });
});

describe('a proxy', () => {
  test('is used, with its user and password, for a provider that is elsewhere', async () => {
    await using provider = await listening(json({ id: 'ftjob-1', status: 'running' }));
    await using between = await startProxy();
    const address = between.addressFor('me:pa%20ss');
    using _ = installProxy({ http: address, https: undefined, except: undefined });
    const elsewhere = openAiProvider({ ...options, baseUrl: `http://provider.test:${provider.port}/v1` });
    expect(await elsewhere.createJob(job)).toMatchObject({ kind: 'done' });
    const authorization = `Basic ${Buffer.from('me:pa ss').toString('base64')}`;
    expect(between.tunnels).toEqual([{ to: `provider.test:${provider.port}`, authorization }]);
    expect(provider.seen).toHaveLength(1);
    expect(provider.seen[0]?.headers).not.toHaveProperty('proxy-authorization');
  });

  test('is left out for hosts of NO_PROXY, and once the server has stopped', async () => {
    await using provider = await listening(json({ id: 'ftjob-1', status: 'running' }));
    await using between = await startProxy();
    const address = between.addressFor('me:pa%20ss');
    const here = openAiProvider({ ...options, baseUrl: provider.url });
    {
      using _ = installProxy({ http: address, https: address, except: '127.0.0.1' });
      expect(await here.getJob(bareRef('ftjob-1'))).toMatchObject({ kind: 'done' });
    }
    expect(await here.getJob(bareRef('ftjob-1'))).toMatchObject({ kind: 'done' });
    expect(between.tunnels).toEqual([]);
  });

  test('that cannot be reached leaves the outcome unknown', async () => {
    using _ = installProxy({ http: 'http://127.0.0.1:1', https: undefined, except: undefined });
    const elsewhere = openAiProvider({ ...options, baseUrl: 'http://provider.test/v1' });
    expect(await elsewhere.createJob(job)).toMatchObject({ kind: 'unknown' });
  });
});
