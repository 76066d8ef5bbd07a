// `goldtune audit`: who did what, for people and for programs, and all of it as lines.
import { expect, test } from 'vitest';
import { ago } from '../../../client/src/cli/option-values.ts';
import { startWorld } from '../../world.ts';
import { json, run } from './command-line.ts';

const ADMIN_API_KEY = 'a-secret-of-the-test';
const NAME = 'on\u001b[2J\ncall';

test('who stopped a run is found, named on one line whatever the name holds, in the table, the events and the receipt', async () => {
  await using world = await startWorld();
  const { id } = await world.create({ alias: 'mine' });
  await world.stop();
  world.env['ADMIN_API_KEY'] = ADMIN_API_KEY;
  await world.start();
  const as = (key: string) => ({ url: world.app.url, env: { GOLDTUNE_API_KEY: key } });
  const admin = as(ADMIN_API_KEY);
  const made = await run(['keys', 'create', NAME, '--scope', 'cancel'], admin);
  const key = /[0-9a-f]{24}/.exec(made.stderr)?.[0];
  const stopped = await run(['finetunings', 'cancel', id], as(made.stdout.trim()));
  expect(stopped).toMatchObject({ code: 0, stdout: expect.stringContaining(` by on [2J call (key ${key})\n`) });

  const table = await run(['audit', '--by', key ?? '', '--since', '1h'], admin);
  expect(table).toMatchObject({ code: 0, stderr: '' });
  const [head, ...rows] = table.stdout.trimEnd().split('\n');
  expect(head).toMatch(/^at +who +what +to +from +key or person$/);
  expect(rows).toEqual([
    expect.stringMatching(new RegExp(`^\\S+Z +on \\[2J call +cancel\\w+ +${id} +127\\.0\\.0\\.1 +${key}$`)),
  ]);
  const events = (await run(['finetunings', 'events', id], admin)).stdout.split('\n');
  expect(events[0]).toContain(' (by local, 127.0.0.1)');
  expect(events.filter((line) => line.endsWith(` (by on [2J call, key ${key}, 127.0.0.1)`))).toHaveLength(1);
  expect(await run(['audit'], as(made.stdout.trim()))).toMatchObject({ code: 6, stdout: '' });
});

test('--json is a page in one document, --jsonl all of it a line each; what is refused prints nothing', async () => {
  await using world = await startWorld();
  const { id } = await world.create();
  for (const alias of ['one', 'two', 'three']) await world.trpc.finetunings.update.mutate({ id, alias });
  const { url } = world.app;
  const page = await json(['audit', '--limit', '2', '--finetuning', id], url);
  expect(page).toMatchObject([{ type: 'updated' }, { type: 'updated' }]);
  const lines = await run(['audit', '--jsonl', '--limit', '1'], { url });
  expect(lines).toMatchObject({ code: 0, stderr: '' });
  const entries = lines.stdout.trimEnd().split('\n');
  expect(entries.map((line) => JSON.parse(line).type)).toEqual([
    ...['updated', 'updated', 'updated', 'created'],
    ...['golden_records_added', 'db_connection_created'],
  ]);
  expect(entries.slice(0, 2).map((line) => JSON.parse(line))).toEqual(page);
  const later = await run(['audit', '--jsonl', '--after', JSON.parse(entries[1] ?? '').id], { url });
  expect(later.stdout).toBe(`${entries.slice(2).join('\n')}\n`);
  expect(await run(['audit', '--jsonl', '--until', '1h'], { url })).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(await run(['audit', '--type', 'canceled'], { url })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Did you mean cancelled?'),
  });
  expect(await run(['audit', '--since', 'yesterday', '--jsonl'], { url })).toMatchObject({ code: 2, stdout: '' });
});

test('a time ago is given with its unit, or as it is', () => {
  expect(ago('2026-11-20T00:00:00Z')).toBe('2026-11-20T00:00:00Z');
  const day_ms = Date.now() - Date.parse(ago('1d'));
  expect(Math.abs(day_ms - 86_400_000)).toBeLessThan(60_000);
});
