// What runs goldtune in containers: each setting reaches it, nothing starts without its keys, and the image holds it all.
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { settingNames } from '../server/config.ts';
import { secretSettings } from '../server/secret-files.ts';
import { startedBefore } from './embedded/template.ts';
import { startProcess } from './process/child.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { until } from './until.ts';

const run = promisify(execFile);

const service = z.looseObject({
  environment: z.record(z.string(), z.string()),
  healthcheck: z.looseObject({ test: z.array(z.string()) }).optional(),
  secrets: z.array(z.string()).optional(),
});
const composeFile = z.looseObject({ services: z.record(z.string(), service) });

const read = async (name: string) => composeFile.parse(parse(await readFile(name, 'utf8'), { merge: true }));
const { services } = await read('docker-compose.yml');

/** Of the table in the README; a row may name several. */
const documented = [...(await readFile('README.md', 'utf8')).matchAll(/^\| ((?:`[A-Z_]+`(?:, )?)+) \|/gm)].flatMap(
  ([, names = '']) => [...names.matchAll(/[A-Z_]+/g)].map(([name]) => name),
);

/** What the file decides itself, and what the image does. */
const decided: Record<string, string> = {
  DATABASE_URL: 'its own Postgres',
  DATABASE_PASSWORD: 'POSTGRES_PASSWORD',
  ROLE: 'one service each',
  HOST: 'where the port is published; in the container, all addresses',
  PORT: 'the port that is published; in the container, 8080',
  DATA_DIR: 'the volume',
};

test('the table of the README names each setting, and no other', () => {
  expect(new Set(documented)).toEqual(new Set(settingNames.filter((name) => name !== 'PGPASSWORD')));
});

describe.each(['web', 'worker'])('the service %s', (name) => {
  test('is given every setting of the README as it stands in .env, save what the file decides', () => {
    const { environment } = services[name] ?? { environment: {} };
    for (const setting of documented.filter((each) => !(each in decided))) {
      const needed = setting === 'ADMIN_API_KEY' ? `\${${setting}?` : `\${${setting}:-}`;
      expect(environment[setting] ?? `${setting} is missing`).toContain(needed);
    }
    expect(environment).toMatchObject({ ROLE: name, DATABASE_URL: expect.not.stringContaining('$') });
  });

  test('is healthy while it is ready, and not while it is not or does not answer', async () => {
    let status = 200;
    await using server = createServer((request, answer) => {
      answer.writeHead(request.url === '/readyz' ? status : 404).end();
    }).listen(0, '127.0.0.1');
    const port = await until(() => {
      const address = server.address();
      return address !== null && typeof address === 'object' ? address.port : null;
    }, 'it listens');
    const [kind, , ...args] = services[name]?.healthcheck?.test ?? [];
    expect(kind).toBe('CMD');
    const check = (at: number) =>
      run(
        process.execPath,
        args.map((arg) => arg.replaceAll('$$', '$')),
        { env: { PORT: String(at) } },
      ).then(
        () => 'healthy',
        (error: { code: number }) => `ended with ${error.code}`,
      );
    expect(await check(port)).toBe('healthy');
    status = 503;
    expect(await check(port)).toBe('ended with 1');
    expect(await check(1)).toBe('ended with 1');
  });
});

test('nothing starts without the keys, and what is missing is said with where to read how they are made', () => {
  for (const [name, { environment }] of Object.entries(services)) {
    const keys = Object.entries(environment).filter(([key]) => /^(?!AZURE_).*(PASSWORD|ADMIN_API_KEY)/.test(key));
    expect(keys.length, name).toBeGreaterThan(0);
    // An empty value is one: it says that the secret is in a file.
    for (const [, value] of keys)
      expect(value).toMatch(/^\$\{\w+\?is made once, as the head of docker-compose.yml says\}$/);
  }
});

test('with secrets as files, each is a variable that is read from a file', async () => {
  const files = await read('docker-compose.secrets.yml');
  for (const name of ['web', 'worker']) {
    const { environment, secrets } = files.services[name] ?? { environment: {}, secrets: [] };
    expect(Object.keys(environment).map((variable) => variable.replace(/_FILE$/, ''))).toEqual([
      'ADMIN_API_KEY',
      'DATABASE_PASSWORD',
    ]);
    expect(secretSettings).toEqual(expect.arrayContaining(['ADMIN_API_KEY', 'DATABASE_PASSWORD']));
    expect(Object.values(environment)).toEqual(secrets?.map((secret) => `/run/secrets/${secret}`));
  }
});

test('what the Dockerfile copies is all that a server needs to start and to greet with its sample', async () => {
  const [, image = ''] = (await readFile('Dockerfile', 'utf8')).split(/^FROM .*\n/m).slice(-2);
  const copied = [...image.matchAll(/^COPY (?!--from)(\S+) (\S+)$/gm)].map(
    ([, from = '', to = '']) => [from, to] as const,
  );
  await using directory = await temporaryDirectory();
  for (const [from, to] of copied) {
    const place = join(directory.path, to);
    await mkdir(dirname(place), { recursive: true });
    await cp(from, place, { recursive: true });
  }
  await symlink(resolve('node_modules'), join(directory.path, 'node_modules'));
  await using template = await startedBefore();
  await using child = startProcess(['server/main.ts'], { PORT: '0', DATA_DIR: template.path }, directory.path);
  const url = await child.url;
  expect((await fetch(`${url}/docs`)).status).toBe(200);
  await until(() => child.printed().includes('"alias": "my_model"'), 'the sample is there');
});

test('a build is sent what the Dockerfile copies, and no key', async () => {
  const rules = (await readFile('.dockerignore', 'utf8'))
    .split('\n')
    .filter((rule) => rule !== '' && !rule.startsWith('#'));
  expect(rules[0]).toBe('*');
  const sent = rules.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1));
  const dockerfile = await readFile('Dockerfile', 'utf8');
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, from = '']) => from.split(' '));
  expect(new Set(sent.filter((path) => path !== 'examples'))).toEqual(new Set(copied));
});
