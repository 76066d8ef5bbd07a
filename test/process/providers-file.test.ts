// A start with several providers: each is printed, those that are away hold nothing up, and a wrong file stops it.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { startSandbox } from '../../server/provider/sandbox/server.ts';
import { startedBefore } from '../embedded/template.ts';
import { listening } from '../provider/listening.ts';
import { until } from '../until.ts';
import { startChild } from './child.ts';

const listed = z.array(z.looseObject({ name: z.string(), standard: z.boolean(), default_model: z.string() }));

test('a start prints the providers of the file, then which of them answer, and no request that would cost', async () => {
  await using directory = await startedBefore();
  await using provider = await startSandbox({ ledgerPath: ':memory:' });
  // Takes requests and answers none until it is told to.
  const held: (() => void)[] = [];
  let isHolding = true;
  await using slow = await listening((_request, response) => {
    const answer = () => void response.writeHead(503).end();
    if (isHolding) held.push(answer);
    else answer();
  });
  const PROVIDERS_FILE = join(directory.path, 'providers.yaml');
  await writeFile(
    PROVIDERS_FILE,
    `
default: mine
providers:
  - { name: slow, kind: azure_openai, address: '${new URL(slow.url).origin}', api_key_env: SLOW_KEY }
  - { name: mine, kind: openai, address: '${provider.url}', api_key_env: MY_KEY, default_model: gpt-4o }
  - { name: rehearsal, kind: sandbox }
`,
  );
  const keys = { MY_KEY: 'a-key-of-mine-4711', SLOW_KEY: 'a-key-of-some-length' };
  await using child = startChild({ PORT: '0', DATA_DIR: directory.path, LOG_LEVEL: 'warn', PROVIDERS_FILE, ...keys });
  const url = await child.url;
  await until(() => child.printed().includes('/docs'), 'the greeting is there');
  expect(child.printed().match(/^ {2}(provider| {8}) {2}.*$/gm)).toEqual([
    `  provider  mine: openai at ${provider.url}, gpt-4o unless a run names another`,
    `            slow: azure_openai at ${new URL(slow.url).origin}/, gpt-4.1-mini unless a run names another`,
    '            rehearsal: the sandbox: nothing is trained, nothing is billed',
  ]);
  expect(child.printed()).not.toContain('curl');
  expect((await fetch(`${url}/readyz`)).status).toBe(200);

  await until(() => held.length > 0, 'it is asked whether it answers');
  isHolding = false;
  for (const answer of held) answer();
  await until(() => /^ {2}mine answers$/m.test(child.printed()), 'it says which answers');
  await until(() => /^ {2}slow cannot be used as it is: \S/m.test(child.printed()), 'it says which does not');

  const providers = listed.parse(await (await fetch(`${url}/api/v1/providers`)).json());
  expect(providers.map(({ name, standard, default_model }) => [name, standard, default_model])).toEqual([
    ['mine', true, 'gpt-4o'],
    ['slow', false, 'gpt-4.1-mini'],
    ['rehearsal', false, 'gpt-4.1-mini'],
  ]);
  child.process.kill('SIGTERM');
  expect(await child.ended).toEqual({ code: 0, signal: null });
});

test('a stop does not wait for a provider that does not answer', async () => {
  await using directory = await startedBefore();
  await using silent = await listening(() => {});
  const PROVIDERS_FILE = join(directory.path, 'providers.yaml');
  const address = new URL(silent.url).origin;
  await writeFile(
    PROVIDERS_FILE,
    `providers: [{ name: a, kind: azure_openai, address: '${address}', api_key_env: KEY }]`,
  );
  await using child = startChild({ PORT: '0', DATA_DIR: directory.path, PROVIDERS_FILE, KEY: 'a-key-of-some-length' });
  await child.url;
  await until(() => silent.seen.length > 0, 'it is asked');
  child.process.kill('SIGTERM');
  expect(await child.ended).toEqual({ code: 0, signal: null });
  expect(child.printed()).not.toContain('a cannot be used');
});

test('a file that is wrong in several places ends the start with 1 and one line that names each', async () => {
  await using directory = await startedBefore();
  const PROVIDERS_FILE = join(directory.path, 'providers.yaml');
  await writeFile(
    PROVIDERS_FILE,
    'providers:\n  - { name: a, kind: openai, api_key_env: UNSET }\n  - { name: a, kind: slrm }\n',
  );
  await using child = startChild({ PORT: '0', DATA_DIR: directory.path, PROVIDERS_FILE });
  expect(await child.ended).toEqual({ code: 1, signal: null });
  const said = child.printed().trim().split('\n');
  expect(said).toHaveLength(1);
  for (const part of ['UNSET is not set', 'did you mean slurm?', 'is the name of another provider too', 'line 3'])
    expect(said[0]).toContain(part);
});
