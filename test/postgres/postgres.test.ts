// The tests' own Postgres: it crashes and comes back on demand, and never outlives its owner.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createConnection } from 'node:net';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { until } from '../until.ts';
import { startPostgres } from './server.ts';

test('keeps what was committed over an immediate restart', async () => {
  await using server = await startPostgres();
  const client = new Client({ connectionString: server.url() });
  client.on('error', () => {});
  await client.connect();
  await client.query('create table kept as select 1 as one');
  await server.restart('immediate');
  await client.end().catch(() => {});

  const again = new Client({ connectionString: server.url() });
  await again.connect();
  expect((await again.query('select one from kept')).rows).toEqual([{ one: 1 }]);
  await again.end();
});

test('dies with the process that started it, also when that is killed, and leaves no data behind', async () => {
  const started = new URL('./server.ts', import.meta.url).href;
  const owner = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `const { startPostgres } = await import('${started}');
       const server = await startPostgres();
       console.log(JSON.stringify({ port: server.port, home: server.home }));
       setInterval(() => {}, 1000);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [printed] = await once(owner.stdout, 'data');
  const { port, home } = JSON.parse(String(printed));
  expect(await isOpen(port)).toBe(true);

  owner.kill('SIGKILL');

  await until(async () => !(await isOpen(port)), 'the port is closed');
  await until(() => !existsSync(home), 'the data is gone');
});

const isOpen = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
