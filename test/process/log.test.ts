// What an operator reads on standard error: a line for each request, with times and levels as people write them.
import { request } from 'node:http';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createDatabase } from '../postgres/database.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { until } from '../until.ts';
import { type Child, startChild } from './child.ts';

const line = z.looseObject({ level: z.string(), time: z.string(), msg: z.string() });
const requestLine = line.extend({
  method: z.string(),
  path: z.string(),
  status: z.number().nullable(),
  ms: z.number(),
});

const logged = (child: Child) =>
  child
    .printed()
    .split('\n')
    .filter((text) => text.startsWith('{'))
    .map((text): unknown => JSON.parse(text));

const requestsOf = (child: Child) =>
  logged(child).flatMap((entry) => {
    const parsed = requestLine.safeParse(entry);
    return parsed.success ? [parsed.data] : [];
  });

test('each request has a line at `info`: what was asked, the answer, the time; without its query, and none for a probe', async () => {
  await using directory = await temporaryDirectory();
  await using database = await createDatabase();
  await using child = startChild({ PORT: '0', DATA_DIR: directory.path, DATABASE_URL: database.url });
  const url = await child.url;
  for (const path of ['/healthz', '/readyz', '/api/v1/finetunings?db_connection_id=6b04d11b9dfe4aa0b92d6aae', '/none'])
    await (await fetch(`${url}${path}`)).text();
  const input = encodeURIComponent('{"limit":5}');
  await (await fetch(`${url}/trpc/finetunings.list?input=${input}`)).text();
  const lines = await until(() => (requestsOf(child).length === 3 ? requestsOf(child) : null), 'three lines are there');
  expect(lines.map(({ method, path, status, msg, level }) => [level, method, path, status, msg])).toEqual([
    ['info', 'GET', '/api/v1/finetunings', 200, 'answered'],
    ['info', 'GET', '/none', 404, 'answered'],
    ['info', 'GET', '/trpc/finetunings.list', 200, 'answered'],
  ]);
  for (const { time } of lines) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test('a caller that leaves before the end of the answer is told from one that has it', async () => {
  await using directory = await temporaryDirectory();
  await using database = await createDatabase();
  await using child = startChild({ PORT: '0', DATA_DIR: directory.path, DATABASE_URL: database.url });
  const { port } = new URL(await child.url);
  const path = '/trpc/finetunings.create';
  const headers = { 'content-type': 'application/json', 'content-length': '100' };
  const sent = request({ port, path, method: 'POST', headers });
  sent.on('error', () => {});
  await new Promise<void>((resolve) => sent.write('{"half":', () => resolve()));
  // Its answer says that the server knows of the other request as well.
  await (await fetch(`http://127.0.0.1:${port}/none`)).text();
  sent.destroy();
  const left = await until(() => requestsOf(child).find((entry) => entry.path === path) ?? null, 'it has a line');
  expect(left.msg).toContain('the caller left before the end');
});
