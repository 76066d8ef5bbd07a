// PROVIDERS_FILE: what it may hold, what of it the variables stay, and that all that is wrong stops the start in one line.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Config, readConfig, secretsOf } from '../server/config.ts';
import { keysOf as entryKeys } from '../server/configuration/entry.ts';
import { ledgerOfProvider } from '../server/configuration/ledger.ts';
import { kinds } from '../server/configuration/provider-config.ts';
import { temporaryDirectory } from './temporary-directory.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeAll(async () => {
  directory = await temporaryDirectory();
});
afterAll(() => directory[Symbol.asyncDispose]());

const KEYS = {
  NEBIUS_API_KEY: 'a-key-of-nebius-4711',
  AZURE_OPENAI_API_KEY: 'a-key-of-azure-4712',
  OPENAI_API_KEY: 'a-key-of-openai-4713',
  SLURM_JWT: 'a-token-of-slurm-4714',
};

/** What the text names is set. */
function keysOf(text: string): Record<string, string> {
  const named = new Set([...text.replaceAll(/ #.*$/gm, '').matchAll(/_env: (\w+)/g)].map(([, name]) => name));
  return Object.fromEntries(Object.entries(KEYS).filter(([name]) => named.has(name)));
}

async function read(text: string, env: Record<string, string> = keysOf(text)): Promise<Config> {
  const path = join(directory.path, 'providers.yaml');
  await writeFile(path, text);
  return readConfig({ ...env, PROVIDERS_FILE: path });
}

/** What is said, without what begins each such line. */
async function refusal(text: string, env?: Record<string, string>): Promise<string> {
  const said = await read(text, env).then(
    () => 'it was taken',
    (error: unknown) => (error instanceof Error ? error.message : ''),
  );
  expect(said).toMatch(/^goldtune cannot start: /);
  expect(said.split('\n')).toHaveLength(1);
  return said.replace('goldtune cannot start: ', '').replaceAll(`PROVIDERS_FILE ${directory.path}/providers.yaml `, '');
}

const ALL = `
default: nebius
providers:
  - name: first
    kind: openai
    api_key_env: OPENAI_API_KEY
    organization: org-1
  - name: nebius
    kind: openai_compatible
    address: https://api.tokenfactory.nebius.com/v1
    profile: nebius
    api_key_env: NEBIUS_API_KEY
    default_model: meta-llama/Llama-3.3-70B-Instruct
    models:
      - name: meta-llama/Meta-Llama-3.1-8B-Instruct
        max_example_tokens: 8192
        usd_per_million_trained_tokens: 0.4
      - { name: meta-llama/Llama-3.3-70B-Instruct, max_example_tokens: 8192 }
  - name: azure
    kind: azure_openai
    address: https://NAME.openai.azure.com/openai/v1/
    api_key_env: AZURE_OPENAI_API_KEY
  - name: cluster
    kind: slurm
    address: http://127.0.0.1:6820
    api_version: v0.0.42
    user: goldtune
    token_env: SLURM_JWT
    directory: /shared/goldtune/
    partition: gpu
    time_limit_minutes: 240
    command: |
      python train.py --model {model} {training_file}
      python merge.py
    models: [{ name: Qwen/Qwen3-8B, max_example_tokens: 4096 }]
  - name: rehearsal
    kind: sandbox
`;

test('lists providers of each kind; the one that is the default comes first', async () => {
  const { providers, POLL_INTERVAL_MS } = await read(ALL);
  expect(providers.map(({ name, kind, default_model }) => [name, kind, default_model])).toEqual([
    ['nebius', 'openai_compatible', 'meta-llama/Llama-3.3-70B-Instruct'],
    ['first', 'openai', 'gpt-4.1-mini'],
    ['azure', 'azure_openai', 'gpt-4.1-mini'],
    ['cluster', 'slurm', 'Qwen/Qwen3-8B'],
    ['rehearsal', 'sandbox', 'gpt-4.1-mini'],
  ]);
  expect(providers[0]).toMatchObject({
    address: 'https://api.tokenfactory.nebius.com/v1',
    api_key: KEYS.NEBIUS_API_KEY,
    models: [
      { name: 'meta-llama/Meta-Llama-3.1-8B-Instruct', usd_per_million_trained_tokens: 0.4 },
      { name: 'meta-llama/Llama-3.3-70B-Instruct', usd_per_million_trained_tokens: null },
    ],
  });
  expect(providers[2]).toMatchObject({ address: 'https://name.openai.azure.com', api_key: KEYS.AZURE_OPENAI_API_KEY });
  expect(providers[3]).toMatchObject({
    token: KEYS.SLURM_JWT,
    directory: '/shared/goldtune',
    command: 'python train.py --model {model} {training_file}\npython merge.py\n',
    time_limit_minutes: 240,
  });
  expect(POLL_INTERVAL_MS).toBe(15_000);
});

test('a token of Slurm that is given as a file is read there, and named for being read anew', async () => {
  const file = join(directory.path, 'token');
  await writeFile(file, 'the-first-token\n');
  const { providers } = await read(ALL, { ...keysOf(ALL), SLURM_JWT: '', SLURM_JWT_FILE: file });
  expect(providers[3]).toMatchObject({ token: 'the-first-token', token_file: file });
  expect((await read(ALL)).providers[3]).toMatchObject({ token: KEYS.SLURM_JWT, token_file: null });
});

test('may be JSON too, with tabs; without a default the first is it', async () => {
  const one = { name: 'a', kind: 'openai', api_key_env: 'OPENAI_API_KEY' };
  const other = { name: 'b', kind: 'azure_openai', address: 'https://b.openai.azure.com', credential: 'entra' };
  const { providers } = await read(JSON.stringify({ providers: [one, other] }, null, '\t'), {
    OPENAI_API_KEY: KEYS.OPENAI_API_KEY,
  });
  expect(providers).toMatchObject([{ name: 'a' }, { name: 'b', api_key: null }]);
});

test('what a name stands for, a run does not depend on: the ledger is the address and the account', async () => {
  const ledgers = async (text: string) =>
    (await read(text)).providers.flatMap((provider) => (provider.kind === 'sandbox' ? [] : ledgerOfProvider(provider)));
  const renamed = ALL.replaceAll(/name: (first|nebius|azure|cluster)$/gm, 'name: my-$1').replace(
    'default: nebius\n',
    '',
  );
  expect(new Set(await ledgers(renamed))).toEqual(new Set(await ledgers(ALL)));
  expect(await ledgers(ALL)).toEqual([
    'https://api.tokenfactory.nebius.com/v1#default',
    'openai#organization=org-1',
    'https://name.openai.azure.com/openai/v1#default',
    'slurm:http://127.0.0.1:6820#user=goldtune&directory=%2Fshared%2Fgoldtune',
  ]);
});

test('the ledger of the variables is that of the same provider in a file, so that one may take over from the other', async () => {
  const of = ({ providers: [provider] }: Config) =>
    provider && provider.kind !== 'sandbox' ? ledgerOfProvider(provider) : null;
  const { AZURE_OPENAI_API_KEY, OPENAI_API_KEY } = KEYS;
  const entry = 'providers: [{ name: x, kind: ';
  expect(of(readConfig({ AZURE_OPENAI_API_KEY, AZURE_OPENAI_ENDPOINT: 'https://name.openai.azure.com/' }))).toBe(
    of(await read(`${entry}azure_openai, address: 'https://name.openai.azure.com', credential: entra }]`, {})),
  );
  expect(of(readConfig({ OPENAI_API_KEY, OPENAI_PROJECT_ID: 'proj_1' }))).toBe(
    of(await read(`${entry}openai, api_key_env: OPENAI_API_KEY, project: proj_1 }]`)),
  );
});

test('a model that is known already is listed for what is otherwise of it, and says no more than that', async () => {
  const { providers } = await read(`
providers:
  - { name: a, kind: openai, api_key_env: OPENAI_API_KEY, models: [{ name: gpt-4.1-mini, usd_per_million_trained_tokens: 7 }] }
`);
  const priced = providers[0]?.models.filter(({ name }) => name === 'gpt-4.1-mini');
  expect(priced).toMatchObject([{ max_example_tokens: 65_536, usd_per_million_trained_tokens: 7 }]);
  expect(providers[0]?.models.length).toBeGreaterThan(5);
});

describe('DEFAULT_MODEL', () => {
  const two = (defaults: string) => `
providers:
  - { name: a, kind: openai, api_key_env: OPENAI_API_KEY${defaults} }
  - { name: b, kind: azure_openai, address: 'https://b.openai.azure.com', credential: entra }
`;
  const env = { OPENAI_API_KEY: KEYS.OPENAI_API_KEY, DEFAULT_MODEL: 'gpt-4o' };

  test('is that of the default provider, and of no other', async () => {
    const { providers } = await read(two(''), env);
    expect(providers.map(({ default_model }) => default_model)).toEqual(['gpt-4o', 'gpt-4.1-mini']);
  });

  test('beside a default_model of that provider stops the start', async () => {
    expect(await refusal(two(', default_model: gpt-4.1'), env)).toBe(
      'DEFAULT_MODEL: is given beside default_model of provider "a" in PROVIDERS_FILE; keep one of them',
    );
  });

  test('that the provider does not have stops the start with those that it has', async () => {
    expect(await refusal(two(''), { ...env, DEFAULT_MODEL: 'gpt-9' })).toMatch(
      /^DEFAULT_MODEL: unknown model "gpt-9"; known models: gpt-4.1-2025-04-14, /,
    );
  });
});

describe('a secret of a variable that the file names', () => {
  const text = 'providers: [{ name: a, kind: openai, api_key_env: MY_KEY }]';

  test('may be a file, NAME_FILE, and is known as a secret', async () => {
    const path = join(directory.path, 'key');
    await writeFile(path, 'a-key-in-a-file-4715\n');
    const config = await read(text, { MY_KEY_FILE: path });
    expect(config.providers).toMatchObject([{ api_key: 'a-key-in-a-file-4715' }]);
    expect(secretsOf(config).all).toContain('a-key-in-a-file-4715');
    expect(secretsOf(config).ofProvider).toContain('a-key-in-a-file-4715');
  });

  test.each([
    ['is not set', {}, 'line 1, api_key_env of provider "a": MY_KEY is not set; set it, or MY_KEY_FILE'],
    ['is empty', { MY_KEY: '' }, 'line 1, api_key_env of provider "a": MY_KEY is not set; set it, or MY_KEY_FILE'],
    ['is given twice', { MY_KEY: 'x', MY_KEY_FILE: '/some' }, 'MY_KEY_FILE: is given beside MY_KEY; keep one of them'],
    ['is a file that is not there', { MY_KEY_FILE: '/none' }, 'MY_KEY_FILE: /none is not there'],
    ['cannot be sent', { MY_KEY: 'first second' }, 'api_key_env of provider "a": MY_KEY holds a line break, a space'],
  ])('and that %s stops the start by its name', async (_what, env, said) => {
    const message = await refusal(text, env);
    expect(message).toContain(said);
    expect(message).not.toContain('first');
  });
});

describe('the signing secret of webhooks', () => {
  const signing = 'whsec_Zmlyc3Qtb2YtdGhlbQ==';
  const text = 'providers: [{ name: a, kind: openai, api_key_env: OPENAI_API_KEY, webhook_secret_env: HOOKS }]';
  const env = { OPENAI_API_KEY: KEYS.OPENAI_API_KEY };

  test('is in a variable that its provider names, also in the one that is for a single provider', async () => {
    const config = await read(text, { ...env, HOOKS: signing });
    expect(config.providers).toMatchObject([{ webhook_secrets: [signing] }]);
    expect(secretsOf(config).all).toContain(signing);
    const named = text.replace('HOOKS', 'OPENAI_WEBHOOK_SECRET');
    expect((await read(named, { ...env, OPENAI_WEBHOOK_SECRET: signing })).providers).toEqual(config.providers);
  });

  test.each([
    ['is not set', text, {}, 'webhook_secret_env of provider "a": HOOKS is not set; set it, or HOOKS_FILE'],
    ['proves nothing', text, { HOOKS: 'whsec_' }, 'webhook_secret_env of provider "a": HOOKS is no signing secret'],
    ['is in a variable for another', text.replace('HOOKS', 'ADMIN_API_KEY'), {}, 'names a secret of goldtune itself'],
    [
      'is sent as a key',
      text.replace('OPENAI_API_KEY', 'OPENAI_WEBHOOK_SECRET'),
      {},
      'names a secret of goldtune itself',
    ],
    ['is named by nobody', text, { OPENAI_WEBHOOK_SECRET: signing, HOOKS: signing }, 'as webhook_secret_env'],
    ['stands in the file', text.replace('HOOKS', signing), {}, 'names the variable that holds the secret'],
  ])('stops the start where it %s', async (_what, file, more, said) => {
    const message = await refusal(file, { ...env, ...more });
    expect(message).toContain(said);
    expect(message).not.toContain('Zmlyc3');
  });
});

describe('a secret in the file itself is refused by the name of its field, and not shown:', () => {
  const key = 'sk-proj-Qm7xT2vB9nL4kR8wZ1cY5';
  const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.c2lnbmF0dXJl';
  const hex = '0f3a9c7be12d4f6a8b1c2d3e4f5a6b7c';
  const entry = (fields: string) =>
    `providers: [{ name: a, kind: openai_compatible, address: 'https://h/v1', ${fields} }]`;

  test.each([
    [entry(`api_key_env: ${key}`), 'api_key_env of provider "a": names the variable that holds the secret'],
    [entry(`api_key_env: ${hex}`), 'api_key_env of provider "a": names the variable that holds the secret'],
    [entry(`api_key_env: ${hex.toUpperCase()}`), 'api_key_env of provider "a": names the variable'],
    [entry(`api_key: ${key}`), 'api_key of provider "a": is not known, and no secret belongs into this file; name the'],
    [entry(`token: ${hex}`), 'name the variable that holds it in api_key_env'],
    [entry(`${key}: 1`), '… of provider "a": is not known'],
    [entry(`api_key_env: OPENAI_API_KEY, profile: ${key}`), 'profile of provider "a": is not known; known are nebius'],
    [`providers: [{ name: ${key}, kind: sandbox }]`, 'name of provider 1: is a label, and looks like a secret'],
    [`providers: [{ name: a, kind: ${key} }]`, 'kind of provider "a": is none that is known'],
    [`default: ${key}\nproviders: [{ name: a, kind: sandbox }]`, 'default: is the name of no provider here'],
    [`providers: [{ name: a, kind: sandbox, default_model: ${key} }]`, 'default_model of provider "a": holds what'],
    [`providers: [{ name: a, kind: openai, api_key_env: OPENAI_API_KEY, address: 'https://u:${key}@h/' }]`, 'user and'],
    [
      `providers: [{ name: a, kind: openai, api_key_env: OPENAI_API_KEY, address: 'https://h/?key=${key}' }]`,
      'address',
    ],
    [
      `providers: [{ name: a, kind: slurm, command: 'HF_TOKEN=hf_${hex} python {training_file}' }]`,
      'command of provider "a": holds what looks like a secret',
    ],
    [`providers: [{ name: a, kind: slurm, token_env: ${jwt} }]`, 'token_env of provider "a": names the variable'],
    [`providers: [{ name: a, kind: "${key}]`, 'line 1 '],
    [`providers: !KEY ${key}`, 'line 1 holds a tag'],
    [`${key}`, 'should be a valid dictionary'],
  ])('%s', async (text, said) => {
    const message = await refusal(text);
    expect(message).toContain(said);
    for (const secret of [key, jwt, hex, hex.toUpperCase()]) {
      for (let at = 0; at + 10 <= secret.length; at++) expect(message).not.toContain(secret.slice(at, at + 10));
    }
  });

  test('also where a secret of a variable stands in a place for something else', async () => {
    const message = await refusal(
      `providers: [{ name: a, kind: openai, api_key_env: OPENAI_API_KEY, default_model: x }]`,
      {
        OPENAI_API_KEY: 'no-secret-by-its-looks',
        DEFAULT_MODEL: 'no-secret-by-its-looks',
      },
    );
    expect(message).not.toContain('by-its-looks');
  });

  test.each([
    ...Object.entries({ ADMIN_API_KEY: 'goldtune', DATABASE_PASSWORD: 'goldtune', DATABASE_URL: 'goldtune' }),
  ])('and goldtune’s own is never sent to a provider: %s', async (name, owner) => {
    expect(await refusal(entry(`api_key_env: ${name}`))).toContain(`names a secret of ${owner} itself`);
  });
});

describe('what is wrong stops the start with its line, its field and what to do:', () => {
  const slurm = `providers:
  - name: c
    kind: slurm
    address: http://head:6820
    api_version: v0.0.42
    user: me
    token_env: SLURM_JWT
    directory: /shared
    command: run {training_file}
    models: [{ name: m, max_example_tokens: 100 }]
`;

  test.each([
    [
      'a kind that is nearly known',
      'providers:\n  - name: a\n    kind: azure-openai',
      'line 3, kind of provider "a": is none that is known; did you mean azure_openai?',
    ],
    ['no kind', 'providers:\n  - name: a', 'line 2, kind of provider "a": is needed: one of openai, azure_openai,'],
    [
      'a field that is nearly known',
      slurm.replace('partition', '').replace('directory', 'directry'),
      'line 8, directry of provider "c": is not known; did you mean directory?',
    ],
    [
      'a field of another kind',
      `${slurm}    lora: 3`,
      'line 11, lora of provider "c": is not known; known are kind, name,',
    ],
    [
      'a field of a model',
      slurm.replace('max_example_tokens', 'max_tokens'),
      'models[0].max_tokens of provider "c": is not known; did you mean max_example_tokens?',
    ],
    ['a field at the top', `${slurm}defaults: c`, 'line 11, defaults: is not known; did you mean default?'],
    [
      'a field that is missing',
      slurm.replace(/ {4}command.*\n/, ''),
      'line 2, command of provider "c": Field required',
    ],
    [
      'a number for a name',
      slurm.replace('name: c', 'name: 7'),
      'line 2, name of provider 1: Input should be a valid string',
    ],
    ['a name with a space', slurm.replace('name: c', 'name: my c'), 'name of provider "my c": must be 1 to 63 letters'],
    [
      'an address that is none',
      slurm.replace('http://head:6820', 'head'),
      'line 4, address of provider "c": must be an http(s):// address; or a socket, unix:/PATH',
    ],
    ['a relative directory', slurm.replace('/shared', 'shared'), 'directory of provider "c": must be an absolute path'],
    [
      'an API of another version',
      slurm.replace('v0.0.42', 'v0.0.40'),
      "api_version of provider \"c\": Input should be 'v0.0.38' or 'v0.0.42'",
    ],
    [
      'a model twice',
      slurm.replace('models: [', 'models: [{ name: m, max_example_tokens: 1 }, '),
      'models[1] of provider "c": is listed twice',
    ],
    [
      'no models of a host',
      `providers: [{ name: c, kind: openai_compatible, profile: { tag: metadata, verified: { against: document, on: 2026-11-25, note: its API } }, address: 'https://h/v1', api_key_env: NEBIUS_API_KEY }]`,
      'models of provider "c": is needed: a list of what may be trained there, by name',
    ],
    [
      'a profile that is nearly known',
      `providers: [{ name: c, kind: openai_compatible, profile: nebus, address: 'https://h/v1', api_key_env: NEBIUS_API_KEY }]`,
      'profile of provider "c": is not known; did you mean nebius?; of another host, write it down here',
    ],
    [
      'no profile',
      `providers: [{ name: c, kind: openai_compatible, address: 'https://h/v1', api_key_env: NEBIUS_API_KEY }]`,
      'profile of provider "c": is needed: nebius, or of another host what it does otherwise than OpenAI',
    ],
    [
      'a field of a profile',
      `providers: [{ name: c, kind: openai_compatible, profile: { tags: metadata }, address: 'https://h/v1', api_key_env: NEBIUS_API_KEY }]`,
      'profile.tags of provider "c": is not known; did you mean tag?',
    ],
    [
      'a default model that is none of its own',
      'providers: [{ name: c, kind: sandbox, default_model: n }]',
      'line 1, default_model of provider "c": is none of its models; add it to models, or choose one of gpt-4.1-2025-04-14,',
    ],
    [
      'a default that is nearly a name',
      `default: cc\n${slurm}`,
      'line 1, default: is the name of no provider here; did you mean c?',
    ],
    [
      'no token at an address',
      slurm.replace('    token_env: SLURM_JWT\n', ''),
      'line 2, token_env of provider "c": is needed for an address that is no socket (unix:/PATH)',
    ],
    [
      'a command that does not train on the records',
      slurm.replace(' {training_file}', ''),
      'line 9, command of provider "c": the training command does not use {training_file}',
    ],
    [
      'a placeholder that is not known',
      slurm.replace('run', 'run {epochs}'),
      'line 9, command of provider "c": the training command has a placeholder {epochs} that is not known',
    ],
    ['no list', 'providers: nebius', 'line 1, providers: Input should be a valid list'],
    ['an empty list', 'providers: []', 'line 1, providers: List should have at least 1 item'],
    ['nothing', '', 'line 1: Input should be a valid dictionary'],
    ['a tab', 'providers:\n\t- name: a', 'line 2 is indented by a tab; use spaces'],
    ['a key twice', 'providers: []\nproviders: []', 'line 2 names a key that stands there already'],
    ['an alias of nothing', 'providers: *a', 'line 1 uses an alias'],
    [
      'both ways to sign in',
      `providers: [{ name: a, kind: azure_openai, address: 'https://a.openai.azure.com', api_key_env: AZURE_OPENAI_API_KEY, credential: entra }]`,
      'api_key_env of provider "a": needs the name of the variable with the key, or else credential: entra',
    ],
    [
      'no way to sign in',
      `providers: [{ name: a, kind: azure_openai, address: 'https://a.openai.azure.com' }]`,
      'api_key_env of provider "a": needs',
    ],
  ])('%s', async (_what, text, said) => {
    expect(await refusal(text)).toContain(said);
  });

  test('all of it at once, also of variables', async () => {
    const message = await refusal(
      `providers:
  - name: a
    kind: openai
    api_key_env: UNSET_KEY
  - name: b
    kind: opnai
  - name: A
    kind: sandbox
    models: [{ name: new }, { name: new }]
`,
      { CANCEL_WAIT_MS: '5000', OPENAI_BASE_URL: 'https://h/v1' },
    );
    expect(message.split('; ').filter((part) => /line \d|_URL/.test(part))).toEqual([
      expect.stringContaining('line 6, kind of provider "b"'),
      expect.stringContaining('line 9, models[1] of provider "A": is listed twice'),
      expect.stringContaining('line 7, name of provider "A"'),
      expect.stringContaining('line 4, api_key_env of provider "a": UNSET_KEY is not set'),
      expect.stringContaining('OPENAI_BASE_URL: is set beside PROVIDERS_FILE'),
    ]);
  });

  test.each([
    ['is not there', '/none/providers.yaml', 'PROVIDERS_FILE /none/providers.yaml: is not there'],
    ['is a directory', '/proc', 'PROVIDERS_FILE /proc: is a directory'],
    ['is a key', 'sk-proj-Qm7xT2vB9nL4kR8wZ1cY5', 'PROVIDERS_FILE: is not there'],
  ])('a file that %s', (_what, PROVIDERS_FILE, said) => {
    expect(() => readConfig({ PROVIDERS_FILE })).toThrow(`goldtune cannot start: ${said}`);
  });
});

describe('what only begins as a key does, or is a hash, is no secret:', () => {
  const hash = '0f3a9c7be12d4f6a8b1c2d3e4f5a6b7c';
  const compatible = (fields: string) =>
    `providers: [{ name: a, kind: openai_compatible, profile: nebius, api_key_env: NEBIUS_API_KEY, ${fields} }]`;
  const slurm = (fields: string) =>
    `providers: [{ name: a, kind: slurm, address: 'unix:/s', api_version: v0.0.38, user: u, ${fields} }]`;

  test.each([
    compatible(`address: 'https://gateway.ai.cloudflare.com/v1/${hash}/gw/openai', models: [{ name: m }]`),
    compatible(`address: 'https://h/v1', models: [{ name: /models/x/snapshots/${hash}01234567 }]`),
    compatible(`address: 'https://h/v1', models: [{ name: hf-internal-testing/tiny-random }]`),
    slurm(`directory: /scratch/skunkworks-finetuning, command: 'python hf_finetune_llama_sft.py {training_file}'`),
    slurm(`directory: /scratch/${hash}, command: 'python t.py {training_file}', default_model: /m/${hash}`),
    slurm(
      `directory: /d, command: 'python t.py {training_file}', environment: { REV: ${hash} }, submit: { comment: ${hash} }`,
    ),
  ])('%s', async (text) => {
    expect(await read(text).catch((error: unknown) => error)).toMatchObject({ providers: [{ name: 'a' }] });
  });
});

describe('two accounts at one host', () => {
  const host = `kind: openai_compatible, address: 'https://h/v1', profile: nebius, models: [{ name: m }]`;
  const azure = `kind: azure_openai, address: 'https://n.openai.azure.com'`;
  const two = (entry: string, label = 'account: second,') =>
    `providers: [{ name: a, api_key_env: AZURE_OPENAI_API_KEY, ${entry} }, { name: b, ${label} api_key_env: NEBIUS_API_KEY, ${entry} }]`;

  test.each([host, azure])('are two providers where a label tells them apart: %s', async (entry) => {
    const { providers } = await read(two(entry));
    const ledgers = providers.map((provider) => (provider.kind === 'sandbox' ? '' : ledgerOfProvider(provider)));
    expect(ledgers).toEqual([expect.stringMatching(/#default$/), expect.stringMatching(/#account=second$/)]);
  });

  test.each([host, azure])('are one without a label, or with the one that is meant by none: %s', async (entry) => {
    for (const label of ['', 'account: default,'])
      expect(await refusal(two(entry, label))).toContain('where they are two accounts, give one of them a label');
  });
});

test('an address with a fragment is refused: it would be sent nowhere', async () => {
  const entry = `name: a, kind: openai, api_key_env: OPENAI_API_KEY, address: 'https://h/v1#prod'`;
  expect(await refusal(`providers: [{ ${entry} }]`)).toContain('address of provider "a": must hold no #');
  expect(() => readConfig({ OPENAI_API_KEY: 'key', OPENAI_BASE_URL: 'https://h/v1#prod' })).toThrow('must hold no #');
});

test('a default that another host does not list is told with where to list it', async () => {
  const env = { OPENAI_API_KEY: 'key', DEFAULT_MODEL: 'gpt-9' };
  expect(() => readConfig({ ...env, OPENAI_BASE_URL: 'https://h/v1' })).toThrow('in PROVIDERS_FILE, under models');
  expect(() => readConfig(env)).not.toThrow('PROVIDERS_FILE');
});

describe('two entries that are one provider are refused, since each run would be followed twice:', () => {
  test.each([
    [
      'two addresses',
      `kind: openai_compatible, address: 'https://h/v1', profile: nebius, api_key_env: OPENAI_API_KEY, models: [{ name: m, max_example_tokens: 9 }]`,
      `kind: openai_compatible, address: 'https://H:443/v1/', profile: nebius, api_key_env: NEBIUS_API_KEY, models: [{ name: m, max_example_tokens: 9 }]`,
    ],
    ['two keys', 'kind: openai, api_key_env: OPENAI_API_KEY', 'kind: openai, api_key_env: NEBIUS_API_KEY'],
    [
      'two kinds',
      `kind: azure_openai, address: 'https://n.openai.azure.com', credential: entra`,
      `kind: openai, address: 'https://n.openai.azure.com/openai/v1', api_key_env: OPENAI_API_KEY`,
    ],
    ['two sandboxes', 'kind: sandbox', 'kind: sandbox'],
  ])('%s', async (_what, one, other) => {
    const said = await refusal(`providers:\n  - { name: a, ${one} }\n  - { name: b, ${other} }`);
    expect(said).toContain(
      'line 3, provider "b": is the same as provider "a": same address, same account; keep one of them',
    );
  });

  test('two accounts at one address are two', async () => {
    const { providers } = await read(`
providers:
  - { name: a, kind: openai, api_key_env: OPENAI_API_KEY, project: proj_1 }
  - { name: b, kind: openai, api_key_env: OPENAI_API_KEY, project: proj_2 }
`);
    expect(providers).toHaveLength(2);
  });
});

describe('the short forms', () => {
  const { AZURE_OPENAI_API_KEY, OPENAI_API_KEY } = KEYS;
  const AZURE_OPENAI_ENDPOINT = 'https://name.openai.azure.com/';

  test.each([
    ['openai', { OPENAI_API_KEY }, { kind: 'openai', api_key: OPENAI_API_KEY }],
    ['openai', { OPENAI_API_KEY, OPENAI_BASE_URL: 'https://h/v1' }, { kind: 'openai', address: 'https://h/v1' }],
    ['azure', { AZURE_OPENAI_API_KEY, AZURE_OPENAI_ENDPOINT }, { kind: 'azure_openai', api_key: AZURE_OPENAI_API_KEY }],
    ['sandbox', {}, { kind: 'sandbox', default_model: 'gpt-4.1-mini' }],
  ])('name one provider, %s', (name, env, provider) => {
    expect(readConfig(env).providers).toMatchObject([{ name, ...provider }]);
  });

  test.each([
    [{ AZURE_OPENAI_API_KEY }, 'AZURE_OPENAI_API_KEY: needs AZURE_OPENAI_ENDPOINT too'],
    [
      { AZURE_OPENAI_ENDPOINT },
      'AZURE_OPENAI_ENDPOINT: needs AZURE_OPENAI_API_KEY too; for a token of Entra, list it in PROVIDERS_FILE',
    ],
    [{ AZURE_OPENAI_ENDPOINT: 'name', AZURE_OPENAI_API_KEY }, 'AZURE_OPENAI_ENDPOINT: must be an http(s):// address'],
    [
      { AZURE_OPENAI_ENDPOINT, AZURE_OPENAI_API_KEY, OPENAI_API_KEY },
      'AZURE_OPENAI_API_KEY: is given beside OPENAI_API_KEY; keep one of them, or list both providers in PROVIDERS_FILE',
    ],
  ])('that say too little or too much stop the start: %j', (env, said) => {
    expect(() => readConfig({ ...env })).toThrow(said);
  });

  test.each(['OPENAI_API_KEY', 'OPENAI_BASE_URL', 'OPENAI_ORG_ID', 'OPENAI_PROJECT_ID', 'AZURE_OPENAI_API_KEY'])(
    'beside a file stop the start where it does not name them, since nobody could tell what they are for: %s',
    async (name) => {
      const value = name === 'OPENAI_BASE_URL' ? 'https://h/v1' : 'some-value-of-it';
      const said = await refusal('providers: [{ name: a, kind: sandbox }]', { [name]: value });
      expect(said).toContain(
        `${name}: is set beside PROVIDERS_FILE, which does not name it; unset it, or give it to a`,
      );
    },
  );
});

test('on sandboxes alone looking is as quick as it is sped up, with another provider as for that', async () => {
  expect((await read('providers: [{ name: a, kind: sandbox }]', {})).POLL_INTERVAL_MS).toBe(500);
  expect((await read(ALL)).POLL_INTERVAL_MS).toBe(15_000);
});

describe('the documents', () => {
  test.each(['README.md', 'docs/operating.md'])('show files that are taken as they stand: %s', async (document) => {
    const shown = (await readFile(document, 'utf8')).matchAll(/^```yaml\n(.*?)^```/gms);
    const files = [...shown].flatMap(([, text = '']) => (text.includes('\nproviders:') ? [text] : []));
    expect(files).toHaveLength(1);
    for (const text of files) expect((await read(text)).providers.length).toBeGreaterThan(1);
  });

  test('show a profile that is one', async () => {
    const [, profile = ''] =
      /^```yaml\n( {4}profile:.*?)^```/ms.exec(await readFile('docs/operating.md', 'utf8')) ?? [];
    const text = `providers:
  - name: host
    kind: openai_compatible
    address: https://host/v1
    api_key_env: NEBIUS_API_KEY
    models: [{ name: m }]
${profile}`;
    expect((await read(text)).providers).toMatchObject([{ profile: { hyperparameters: 'top_level' } }]);
  });

  test('name each field of an entry', async () => {
    const table = await readFile('docs/operating.md', 'utf8');
    const named = new Set(
      [...table.matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm)].flatMap(([, names = '']) => names.match(/\w+/g)),
    );
    for (const key of kinds.flatMap(entryKeys)) expect(named).toContain(key);
  });
});
