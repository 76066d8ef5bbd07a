// What is drawn for somebody who looks on: a run within a terminal of its own, made by util-linux's `script`.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { compileCache } from '../../process/quick-start.ts';
import { until } from '../../until.ts';
import { startWorld } from '../../world.ts';
import { MAIN, run } from './command-line.ts';

const SCRIPT = 'script';
const hasScript = spawnSync(SCRIPT, ['--version']).stdout?.toString().includes('util-linux') ?? false;

function startInTerminal(args: readonly string[], env: Record<string, string | undefined>, columns?: number) {
  const words = [process.execPath, MAIN, ...args].map((word) => `'${word}'`).join(' ');
  const command = columns === undefined ? words : `stty cols ${columns}; ${words}`;
  const child = spawn(SCRIPT, ['--quiet', '--return', '--command', command, '/dev/null'], {
    env: { PATH: process.env['PATH'], TERM: 'xterm', ...compileCache, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let seen = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    seen += chunk;
  });
  return {
    shows: (text: RegExp) => until(() => text.test(seen), `it shows ${text}`),
    ended: once(child, 'close').then(([code]) => ({ code, seen })),
  };
}

test.runIf(hasScript)(
  'watch shows the events, and below them a bar with status, percent, step and loss, to the end',
  async () => {
    await using world = await startWorld();
    const { id } = await world.createIn('running');
    const watching = startInTerminal(['finetunings', 'watch', id], { GOLDTUNE_URL: world.app.url ?? '' });
    await watching.shows(/running +\[-+\] 0%/);
    world.ledger.finishNow(world.jobsOf(id)[0]?.id ?? '', 'succeeded');
    const { code, seen } = await watching.ended;
    expect(code).toBe(0);
    expect(seen).toMatch(/succeeded +\[=+\] 100% step \d+\/\d+, train loss \d/);
    const events = await world.trpc.finetunings.events.query({ id });
    // Steps move the bar, and are not lines each.
    const lines = events.filter(({ type }) => type !== 'progressed');
    for (const { message } of lines) expect(seen).toContain(message.slice(0, 40));
    expect(lines.length).toBeGreaterThan(4);
    expect(seen).toMatch(new RegExp(`${id} \u001b\\[32msucceeded\u001b\\[39m: ft:`));
  },
);

test.runIf(hasScript)(
  'a run that waits says so beside the bar, with the times of the last look and the next',
  async () => {
    await using world = await startWorld();
    const { id } = await world.createIn('running');
    world.faults.always('jobs.retrieve', { kind: 'reset_before' });
    await world.reached(id, ({ waiting }) => waiting !== null, 'waiting');
    const watching = startInTerminal(['finetunings', 'watch', id], { GOLDTUNE_URL: world.app.url ?? '' });
    await watching.shows(/The provider cannot be reached: /);
    await watching.shows(/running, waiting +\[-+\] 0% since [\d:]{8}, tried at [\d:]{8}/);
    world.faults.clear();
    world.ledger.finishNow(world.jobsOf(id)[0]?.id ?? '', 'succeeded');
    expect((await watching.ended).code).toBe(0);
  },
);

test.runIf(hasScript)('statuses have colours, and none where NO_COLOR is set', async () => {
  await using world = await startWorld();
  const { id } = await world.createIn('cancelled');
  const shown = (env: Record<string, string>) =>
    startInTerminal(['finetunings', 'list'], { GOLDTUNE_URL: world.app.url ?? '', ...env }).ended;
  expect((await shown({})).seen).toContain('\u001b[33mcancelled\u001b[39m');
  const { code, seen } = await shown({ NO_COLOR: '1' });
  expect({ code, seen }).toEqual({ code: 0, seen: expect.stringContaining(id) });
  expect(seen).not.toContain('\u001b[33m');
});

test.runIf(hasScript)('a table is no wider than the terminal, and a program gets it whole', async () => {
  await using world = await startWorld();
  const { connection } = await world.seed(1);
  const prompt_text = 'Which of the books that were lent last year have not come back, by the branch that lent them?';
  await world.trpc.goldenRecords.add.mutate([{ prompt_text, sql: 'SELECT 1', db_connection_id: connection.id }]);
  const env = { GOLDTUNE_URL: world.app.url ?? '' };
  const list = ['records', 'list', '--connection', connection.id];
  const { seen } = await startInTerminal(list, env, 60).ended;
  const lines = seen.trimEnd().split(/\r?\n/);
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(/^[0-9a-f]{24} {2}Which.*…/);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
  expect((await run(list, { url: world.app.url })).stdout).toContain(prompt_text);
});
